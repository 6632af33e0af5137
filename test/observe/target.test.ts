import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestOfTarget, observeTarget, seriesOfTarget, type TargetContext } from '../../harness/observe/target.ts'
import type { OutsideSample, ProbeSample, TargetObservation } from '../../harness/target/port.ts'
import { outsideSample, probeSample } from '../support/target-samples.ts'

const MB = 1e6
const startMs = 50_000

const outside = (atS: number, changes: Partial<OutsideSample> = {}): OutsideSample =>
  outsideSample({ atMs: startMs + atS * 1000, ...changes })

/** One second of one thread, ending at `atS`. */
const inside = (atS: number, changes: Partial<ProbeSample> = {}): ProbeSample =>
  probeSample({ atMs: startMs + atS * 1000, ...changes })

const watched = (changes: Partial<TargetObservation>): TargetObservation => ({
  inside: [],
  outside: [],
  instructions: { unavailable: 'not here' },
  ...changes,
})

const context = (changes: Partial<TargetContext> = {}): TargetContext => ({
  bootMs: null,
  cores: 1,
  loadStartMs: startMs,
  phases: [{ name: 'hold', startS: 2, endS: 4, operations: 100 }],
  sessions: null,
  ...changes,
})

/** `metric stat` (with the phase where there are several) to value. */
const valuesOf = (target: TargetObservation, of = context()): Record<string, number> =>
  Object.fromEntries(
    observeTarget(target, of).map(({ metric, stat, phase, value }) => [
      [metric, stat, ...(of.phases.length > 1 ? [phase] : [])].join(' '),
      value,
    ]),
  )

test('A target that was not watched has no numbers and no series', () => {
  assert.deepEqual(observeTarget(watched({}), context()), [])
  assert.deepEqual(seriesOfTarget(watched({}), startMs), [])
})

test('Counters are read at the bounds of a phase, between the two looks around each', () => {
  const looks = [
    outside(1.5, { cpuMs: 100, waitMs: 0, involuntarySwitches: 10 }),
    outside(2.5, { cpuMs: 300, waitMs: 20, involuntarySwitches: 30 }),
    outside(3.5, { cpuMs: 1300, waitMs: 120, stolenMs: 50, involuntarySwitches: 40 }),
    outside(4.5, { cpuMs: 1500, waitMs: 320, stolenMs: 250, involuntarySwitches: 60 }),
  ]
  // CPU: 200 ms at 2 s and 1400 ms at 4 s. Wait: 10 and 220. Stolen: 0 and 150. Switches: 20 and 50.
  const values = valuesOf(watched({ outside: looks }))
  assert.equal(values['target_cpu_per_op value'], 12)
  assert.equal(values['target_core_busy value'], 0.6)
  assert.equal(values['target_cpu_wait value'], 0.105)
  assert.equal(values['target_cpu_stolen value'], 0.075)
  assert.equal(values['target_context_switches value'], 30)
})

test('Levels are those of the looks within the phase', () => {
  const looks = [
    outside(1, { rssBytes: 900 * MB, threads: 99, descriptors: 999 }),
    outside(2, { rssBytes: 100 * MB, threads: 5, descriptors: 10 }),
    outside(3, { rssBytes: 300 * MB, threads: 9, descriptors: 70 }),
    outside(4, { rssBytes: 200 * MB, threads: 7, descriptors: 30 }),
    outside(5, { rssBytes: 900 * MB, threads: 99, descriptors: 999 }),
  ]
  const values = valuesOf(watched({ outside: looks }))
  assert.equal(values['target_rss_peak value'], 300)
  assert.equal(values['target_rss_mean value'], 200)
  assert.equal(values['target_threads value'], 9)
  assert.equal(values['target_descriptors value'], 70)
})

test('Without operations there is no cost of one', () => {
  const target = watched({ outside: [outside(2), outside(4, { cpuMs: 10 })], instructions: { byPhase: { hold: 1e6 } } })
  const idle = context({ phases: [{ name: 'hold', startS: 2, endS: 4, operations: 0 }] })
  const values = valuesOf(target, idle)
  assert.equal('target_cpu_per_op value' in values, false)
  assert.equal('target_instructions_per_op value' in values, false)
  assert.equal(values['target_core_busy value'], 0.005)
})

test('Looks that came a moment too late or too early serve for the bounds; those much later or earlier do not', () => {
  const near = watched({ outside: [outside(2.4), outside(3.6, { cpuMs: 50 })] })
  assert.equal(valuesOf(near)['target_cpu_per_op value'], 0.5)
  for (const looks of [
    [outside(3.1), outside(3.9)],
    [outside(2), outside(2.9)],
  ])
    assert.deepEqual(valuesOf(watched({ outside: looks })), {})
})

test('Each phase has its own numbers', () => {
  const looks = [outside(0), outside(2, { cpuMs: 100 }), outside(4, { cpuMs: 1100 })]
  const phases = [
    { name: 'ramp', startS: 0, endS: 2, operations: 10 },
    { name: 'hold', startS: 2, endS: 4, operations: 100 },
  ]
  const values = valuesOf(watched({ outside: looks }), context({ phases }))
  assert.equal(values['target_cpu_per_op value ramp'], 10)
  assert.equal(values['target_cpu_per_op value hold'], 10)
  assert.equal(values['target_core_busy value ramp'], 0.05)
  assert.equal(values['target_core_busy value hold'], 0.5)
})

test('A second that the probe told belongs to the phase in which most of it lies', () => {
  const heap = (atS: number, heapMB: number) => inside(atS, { heapUsedBytes: heapMB * MB })
  const samples = [heap(2.4, 999), heap(2.6, 20), heap(3.6, 30), heap(4.4, 25), heap(4.6, 999)]
  assert.equal(valuesOf(watched({ inside: samples }))['target_heap_used_peak value'], 30)
})

test('A phase within one second that the probe told has that one, and of two the one with more of it', () => {
  const heap = (atS: number, heapMB: number) => inside(atS, { heapUsedBytes: heapMB * MB })
  const short = context({ phases: [{ name: 'hold', startS: 2, endS: 2.1, operations: 1 }] })
  const heapIn = (samples: ProbeSample[]) =>
    valuesOf(watched({ inside: samples }), short)['target_heap_used_peak value']
  assert.equal(heapIn([heap(1.9, 10), heap(2.9, 20), heap(3.9, 30)]), 20)
  assert.equal(heapIn([heap(2.03, 10), heap(3.03, 20)]), 20)
  assert.equal(heapIn([heap(1.9, 10), heap(3.9, 30)]), undefined)
})

test('The look that was meant for the end of a phase may come a moment after it', () => {
  const looks = [outside(2, { threads: 5 }), outside(4.001, { threads: 9 }), outside(4.25, { threads: 99 })]
  assert.equal(valuesOf(watched({ outside: looks }))['target_threads value'], 9)
})

test('Percentiles of the event-loop delay are over all samples of the phase, not a mean of percentiles', () => {
  const delay = (counts: [number, number][], [minMs, meanMs, maxMs]: [number, number, number]) => ({
    eventLoopDelay: {
      ...inside(0).eventLoopDelay,
      minMs,
      meanMs,
      maxMs,
      counts,
      count: counts.reduce((sum, [, n]) => sum + n, 0),
    },
  })
  const samples = [
    inside(3, delay([[1, 900]], [0.5, 0.9, 1.5])),
    inside(
      4,
      delay(
        [
          [2, 80],
          [50, 20],
        ],
        [1.6, 11, 51],
      ),
    ),
  ]
  const values = valuesOf(watched({ inside: samples }))
  assert.equal(values['target_event_loop_delay p(50)'], 1)
  assert.equal(values['target_event_loop_delay p(99)'], 50)
  assert.equal(values['target_event_loop_delay p(95)'], 2)
  assert.equal(values['target_event_loop_delay max'], 51)
  assert.equal(values['target_event_loop_delay min'], 0.5)
  assert.equal(values['target_event_loop_delay avg'], 1.91)
  assert.equal(values['target_event_loop_delay p(99.9)'], undefined, 'a tail stands on samples')
  const { n } = observeTarget(watched({ inside: samples }), context()).find(({ stat }) => stat === 'p(99)')!
  assert.equal(n, 1000)
})

test('GC pauses are summed over kinds and seconds, and the longest is kept; utilisation is a mean', () => {
  const pause = (kind: 'minor' | 'major', totalMs: number, maxMs: number) => ({ kind, count: 1, totalMs, maxMs })
  const samples = [
    inside(3, { gc: [pause('minor', 2, 1), pause('major', 10, 10)], eventLoopUtilization: 0.2 }),
    inside(4, { gc: [pause('minor', 3, 2)], eventLoopUtilization: 0.6 }),
  ]
  const values = valuesOf(watched({ inside: samples }))
  assert.equal(values['target_gc_pause_total value'], 15)
  assert.equal(values['target_gc_pause_max value'], 10)
  assert.equal(values['target_event_loop_utilization value'], 0.4)
})

test('Instructions are told for one operation, and how many operations there were', () => {
  const target = watched({ instructions: { byPhase: { hold: 2e9, other: 1 } } })
  const [observation, ...others] = observeTarget(target, context())
  assert.deepEqual(others, [])
  assert.deepEqual([observation?.metric, observation?.value, observation?.n], ['target_instructions_per_op', 2e7, 100])
})

test('Memory of a session is what was added since the load began, divided by the sessions', () => {
  const looks = [
    outside(-1, { rssBytes: 100 * MB }),
    outside(1, { rssBytes: 120 * MB }),
    outside(4, { rssBytes: 310 * MB }),
  ]
  const sessions = { phase: 'hold', count: 1000 }
  // 110 MB when the load began, 310 MB with a thousand sessions.
  assert.equal(valuesOf(watched({ outside: looks }), context({ sessions }))['target_rss_per_session value'], 200)
  for (const none of [null, { phase: 'hold', count: 0 }, { phase: 'other', count: 10 }])
    assert.equal(
      'target_rss_per_session value' in valuesOf(watched({ outside: looks }), context({ sessions: none })),
      false,
    )
})

test('Boot is told where the target was started', () => {
  assert.deepEqual(valuesOf(watched({}), context({ bootMs: 321 })), { 'target_boot value': 321 })
})

test('Series are on the axis of the load: levels where they were read, rates and seconds at their middle', () => {
  const looks = [outside(-1), outside(0, { cpuMs: 500 }), outside(0.01, { cpuMs: 600 }), outside(1.01, { cpuMs: 700 })]
  const series = seriesOfTarget(watched({ outside: looks, inside: [inside(1), inside(2)] }), startMs)
  const of = (metric: string) => series.find((each) => each.metric === metric)
  assert.deepEqual(of('target_rss')?.t, [-1, 0, 0.01, 1.01])
  // Two looks 10 ms apart say nothing of a share of a core.
  assert.deepEqual(
    [of('target_cpu')?.t, of('target_cpu')?.v],
    [
      [-0.5, 0.51],
      [0.5, 0.1],
    ],
  )
  assert.deepEqual(
    [of('target_heap_used')?.t, of('target_heap_used')?.v],
    [
      [0.5, 1.5],
      [10, 10],
    ],
  )
})

test('Of what was looked at last each series has a value; before the first look there is none', () => {
  const looks = [outside(-1), outside(0, { cpuMs: 500 }), outside(1, { cpuMs: 700, rssBytes: 80e6 })]
  const values = newestOfTarget([inside(1), inside(2, { heapUsedBytes: 30e6 })], looks)
  const of = (metric: string) => values.find((each) => each.metric === metric)
  assert.deepEqual(of('target_rss'), { metric: 'target_rss', stat: 'value', unit: 'MB', value: 80 })
  assert.deepEqual([of('target_heap_used')?.value, of('target_cpu')?.value], [30, 0.2])
  assert.equal(of('target_event_loop_delay')?.stat, 'p(99)')
  assert.deepEqual(newestOfTarget([], []), [])
})
