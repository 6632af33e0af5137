import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import type { LoadResult, ScriptNotes } from '../../harness/engine/port.ts'
import { generatorWarnings, judge, type ServiceLateness } from '../../harness/observe/validity.ts'
import type { Observation } from '../../harness/record/schema.ts'
import { loadResult, trend } from '../support/load-result.ts'

const primary = 'turn_duration{scenario:paced} p(50)'
const plainNotes: ScriptNotes = {
  primary,
  operation: 'turns',
  capacity: [],
  sessionsHeldIn: null,
  phases: null,
  voidUnless: [],
}

const phases = [
  { name: 'paced', startS: 0, endS: 10 },
  { name: 'flat-out', startS: 10, endS: 20 },
]

interface Measured {
  /** p99 of the primary in ms, over all and in each scenario. */
  measuredMs: number
  /** Of all operations of a scenario, or of each of them. */
  latenessMs?: Record<string, number | number[]>
  utilization?: Record<string, number>
}

const same = (valueMs: number): number[] => Array.from({ length: 10 }, () => valueMs)

function measured({ measuredMs, latenessMs = {}, utilization = {} }: Measured): LoadResult {
  const histograms = [
    trend('turn_duration', same(measuredMs)).histogram,
    trend('turn_duration', same(measuredMs), { scenario: 'paced' }).histogram,
    ...Object.entries(latenessMs).map(
      ([scenario, ms]) => trend('generator_lateness', typeof ms === 'number' ? same(ms) : ms, { scenario }).histogram,
    ),
  ]
  const { generator } = loadResult()
  return loadResult({ phases, histograms, generator: { ...generator!, utilizationByPhase: utilization } })
}

const share = (metric: string, phase: string, value: number): Observation => ({
  metric,
  phase,
  stat: 'value',
  value,
  unit: 'share',
  better: 'none',
  source: 'outside',
})

const coreBusy = (phase: string, value: number): Observation => share('target_core_busy', phase, value)

/** The target's event loop was never free, its core was. */
const loopBusy = (phase: string, cpuWait: number): Observation[] => [
  coreBusy(phase, 0.3),
  share('target_event_loop_utilization', phase, 0.97),
  share('target_cpu_wait', phase, cpuWait),
]

/** So many of a hundred were late. */
const stalls = (late: number, lateMs: number): number[] =>
  Array.from({ length: 100 }, (_, at) => (at < late ? lateMs : 0.1))

const lateService = (phase: string, p99Ms: number, count = 100, p97Ms = p99Ms): ServiceLateness => ({
  service: 'stubs',
  phase,
  count,
  p50Ms: 0.1,
  p97Ms,
  p99Ms,
  maxMs: p99Ms,
})

interface Case {
  title: string
  measured: Measured
  notes?: Partial<ScriptNotes>
  observations?: Observation[]
  services?: ServiceLateness[]
  /** `code scenario phase`, - for none; `above p50` where medians stand. */
  invalid: string[]
}

const capacity = { capacity: ['flat-out'] }
const connections = { fixedConcurrency: ['flat-out'] }
const named = { phases: [{ name: 'hold', startS: 2, endS: 8 }] }

const cases: Case[] = [
  {
    title: 'nothing is wrong',
    measured: { measuredMs: 10, latenessMs: { paced: 1 }, utilization: { paced: 0.5 } },
    invalid: [],
  },
  {
    title: 'lateness is below 2 ms of a fast server',
    measured: { measuredMs: 1, latenessMs: { paced: 1.9 } },
    invalid: [],
  },
  {
    title: 'lateness is above 2 ms',
    measured: { measuredMs: 1, latenessMs: { paced: 2.1 } },
    invalid: ['generator-late paced paced'],
  },
  {
    title: 'lateness is below a tenth of what is measured',
    measured: { measuredMs: 100, latenessMs: { paced: 9.9 } },
    invalid: [],
  },
  {
    title: 'lateness is above a tenth of what is measured',
    measured: { measuredMs: 100, latenessMs: { paced: 10.5 } },
    invalid: ['generator-late paced paced'],
  },
  {
    title: 'three in a hundred operations are late',
    measured: { measuredMs: 10, latenessMs: { paced: stalls(3, 50) } },
    invalid: ['generator-late paced paced above p50'],
  },
  {
    title: 'four in a hundred operations are late',
    measured: { measuredMs: 10, latenessMs: { paced: stalls(4, 50) } },
    invalid: ['generator-late paced paced'],
  },
  {
    title: 'one in a hundred operations is late',
    measured: { measuredMs: 10, latenessMs: { paced: stalls(1, 50) } },
    invalid: [],
  },
  {
    title: 'lateness of one scenario of two',
    measured: { measuredMs: 10, latenessMs: { paced: 1, other: 50 } },
    invalid: ['generator-late other other'],
  },
  {
    title: 'lateness voids all where phases are not scenarios',
    measured: { measuredMs: 10, latenessMs: { paced: 50 } },
    notes: named,
    invalid: ['generator-late - -'],
  },
  {
    title: 'lateness does not matter to a capacity',
    measured: { measuredMs: 10, latenessMs: { 'flat-out': 50 } },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.95)],
    invalid: [],
  },
  { title: 'the generator is used 90%', measured: { measuredMs: 10, utilization: { paced: 0.9 } }, invalid: [] },
  {
    title: 'the generator is used more',
    measured: { measuredMs: 10, utilization: { paced: 0.91, 'flat-out': 0.2 } },
    invalid: ['generator-saturated paced paced'],
  },
  {
    title: 'the generator is used more in a named phase',
    measured: { measuredMs: 10, utilization: { hold: 0.91 } },
    notes: named,
    invalid: ['generator-saturated - -'],
  },
  {
    title: 'a service is late',
    measured: { measuredMs: 10 },
    services: [lateService('paced', 2.5)],
    invalid: ['service-late paced paced'],
  },
  {
    title: 'a service is late now and then',
    measured: { measuredMs: 10 },
    services: [lateService('paced', 2.5, 100, 1.9)],
    invalid: ['service-late paced paced above p50'],
  },
  {
    title: 'a service does not say how late it was',
    measured: { measuredMs: 10 },
    services: [lateService('paced', Number.NaN)],
    invalid: ['service-late paced paced'],
  },
  {
    title: 'a service is late by little',
    measured: { measuredMs: 100 },
    services: [lateService('paced', 9)],
    invalid: [],
  },
  {
    title: 'a service is late in a capacity, in a phase of no load, or without a sample',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.95)],
    services: [lateService('flat-out', 50), lateService('warm-up', 50), lateService('paced', 50, 0)],
    invalid: [],
  },
  {
    title: 'the target is busy in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.9), coreBusy('paced', 0.2)],
    invalid: [],
  },
  {
    title: 'the host took the core from a target that was busy in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.7), share('target_cpu_stolen', 'flat-out', 0.25)],
    invalid: [],
  },
  {
    title: 'the host took the core from a target that was idle in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.7), share('target_cpu_stolen', 'flat-out', 0.1)],
    invalid: ['target-not-saturated flat-out flat-out'],
  },
  {
    title: 'so many connections leave the target, the generator and the services idle',
    measured: { measuredMs: 10, utilization: { 'flat-out': 0.5 } },
    notes: connections,
    observations: [coreBusy('flat-out', 0.1)],
    services: [lateService('flat-out', 1)],
    invalid: [],
  },
  {
    title: 'so many connections keep the target busy, and all else too',
    measured: { measuredMs: 10, utilization: { 'flat-out': 0.99 } },
    notes: connections,
    observations: [coreBusy('flat-out', 0.95)],
    services: [lateService('flat-out', 50)],
    invalid: [],
  },
  {
    title: 'so many connections keep the generator busy, and the target idle',
    measured: { measuredMs: 10, utilization: { 'flat-out': 0.95 } },
    notes: connections,
    observations: [coreBusy('flat-out', 0.5)],
    invalid: ['generator-saturated flat-out flat-out'],
  },
  {
    title: 'so many connections make a service late, and leave the target idle',
    measured: { measuredMs: 10 },
    notes: connections,
    observations: [coreBusy('flat-out', 0.5)],
    services: [lateService('flat-out', 50)],
    invalid: ['service-late flat-out flat-out'],
  },
  {
    title: 'the target is idle in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: [coreBusy('flat-out', 0.89), coreBusy('paced', 0.95)],
    invalid: ['target-not-saturated flat-out flat-out'],
  },
  {
    title: 'the event loop of the target stands still for a disk in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: loopBusy('flat-out', 0.02),
    invalid: [],
  },
  {
    title: 'the event loop of the target stands still in a capacity for a CPU that serves others',
    measured: { measuredMs: 10 },
    notes: capacity,
    observations: loopBusy('flat-out', 0.5),
    invalid: ['target-not-saturated flat-out flat-out'],
  },
  {
    title: 'the target was not watched in a capacity',
    measured: { measuredMs: 10 },
    notes: capacity,
    invalid: ['target-not-saturated flat-out flat-out'],
  },
]

describe('A trial is judged where', () => {
  for (const { title, measured: what, notes, observations = [], services = [], invalid } of cases) {
    it(`${title}: ${invalid.join(', ') || 'valid'}`, () => {
      const reasons = judge(measured(what), { ...plainNotes, ...notes }, primary, observations, services)
      assert.deepEqual(
        reasons.map(({ code, scenario = '-', phase = '-', abovePercentile }) =>
          [code, scenario, phase, ...(abovePercentile === undefined ? [] : [`above p${abovePercentile}`])].join(' '),
        ),
        invalid,
      )
    })
  }
})

test('A reason says what was seen and what is allowed', () => {
  const late = judge(measured({ measuredMs: 100, latenessMs: { paced: 12.5 } }), plainNotes, primary, [], [])
  assert.match(late[0]?.message ?? '', /p99 12\.5 ms, allowed 10\.0 ms/)
  const now = judge(measured({ measuredMs: 1, latenessMs: { paced: stalls(3, 4) } }), plainNotes, primary, [], [])
  assert.match(now[0]?.message ?? '', /p99 4\.0 ms, allowed 2\.0 ms .*; medians of times stand, p97 being 0\.1 ms$/)
  const idle = judge(
    measured({ measuredMs: 1 }),
    { ...plainNotes, ...capacity },
    primary,
    [coreBusy('flat-out', 0.5)],
    [],
  )
  assert.match(idle[0]?.message ?? '', /"flat-out".*its core was busy 50% of the time, and below 90%/)
})

test('Where neither scenario nor script goes by a time, what is allowed is a tenth of the intended duration', () => {
  const result = measured({ measuredMs: 1, latenessMs: { paced: 5 } })
  result.histograms.push(trend('http_req_intended_duration', same(80)).histogram)
  assert.deepEqual(judge(result, { ...plainNotes, primary: null }, 'http_reqs rate', [], []), [])
  assert.equal(judge(result, plainNotes, primary, [], []).length, 1)
})

test('Where a scenario goes by what is no time, the time that its script goes by says how late one may be', () => {
  const result = measured({ measuredMs: 100, latenessMs: { paced: 9, other: 9 } })
  result.histograms.push(trend('http_req_intended_duration', same(1)).histogram)
  const late = (primaryOfScript: string | null) =>
    judge(result, { ...plainNotes, primary: primaryOfScript }, 'listeners max', [], []).map(({ scenario }) => scenario)
  assert.deepEqual([late(primary), late(null), late('listeners max')], [[], ['paced', 'other'], ['paced', 'other']])
})

test('weir load warns of a late or busy generator and of a closed loop', () => {
  const opened = measured({ measuredMs: 10, latenessMs: { paced: 5 }, utilization: { paced: 0.99 } })
  assert.deepEqual(
    generatorWarnings(opened).map((warning) => warning.split(':')[0]),
    ['the generator was late in "paced"', 'the generator was busy'],
  )
  assert.match(generatorWarnings(measured({ measuredMs: 10 })).join(), /^closed loop/)
  assert.deepEqual(generatorWarnings(measured({ measuredMs: 10, latenessMs: { paced: 0.5 } })), [])
})

test('A load of a second or less is not called busy: its event loop is busy with starting it', () => {
  const busy = measured({ measuredMs: 10, latenessMs: { paced: 0.5 }, utilization: { paced: 1 } })
  const warningsAfter = (ms: number): number => generatorWarnings({ ...busy, endMs: busy.startMs + ms }).length
  assert.deepEqual([1000, 1001].map(warningsAfter), [0, 1])
})

test('A check of the script that failed voids the whole trial and names the condition and what was found', () => {
  const conditions = [
    { metric: 'answers_wrong', expression: 'count==0', holds: false, found: 3 },
    { metric: 'permits_left', expression: 'value==0', holds: false, found: null },
    { metric: 'channels_left', expression: 'value==0', holds: true, found: 0 },
  ]
  const result = { ...measured({ measuredMs: 10 }), conditions }
  const failed = [
    `the script's check "answers_wrong: count==0" failed: found 3`,
    `the script's check "permits_left: value==0" failed: nothing was measured`,
  ]
  assert.deepEqual(
    judge(result, plainNotes, primary, [], []),
    failed.map((message) => ({ code: 'check-failed', message })),
  )
  assert.deepEqual(generatorWarnings(result).slice(0, 2), failed, 'weir load voids nothing, but says it')
})

test('A primary that is no time does not say how late one may be', () => {
  const of = (unit: 'ms' | 'none') => {
    const load = measured({ measuredMs: 100, latenessMs: { paced: 5 } })
    const histograms = load.histograms.map((each) => (each.metric === 'turn_duration' ? { ...each, unit } : each))
    return judge({ ...load, histograms }, plainNotes, primary, [], []).map(({ code }) => code)
  }
  assert.deepEqual([of('ms'), of('none')], [[], ['generator-late']])
})

test('Where there is only the time of service, a service may be late by a tenth of that', () => {
  const late = (p99Ms: number): ServiceLateness[] => [
    { service: 'stubs', phase: 'load', count: 500, p50Ms: 0, p97Ms: p99Ms, p99Ms, maxMs: p99Ms },
  ]
  const { histogram } = trend('http_req_duration', same(45))
  const result = loadResult({ phases: [{ name: 'load', startS: 0, endS: 10 }], histograms: [histogram] })
  const judged = (p99Ms: number) => judge(result, plainNotes, 'throughput{phase:load} value', [], late(p99Ms))
  assert.deepEqual([judged(4), judged(5).map(({ code }) => code)], [[], ['service-late']])
})
