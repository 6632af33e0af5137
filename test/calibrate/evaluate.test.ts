import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reportOf } from '../../harness/calibrate/calibration.ts'
import type { Drive } from '../../harness/calibrate/drive.ts'
import { blockedControls, evaluate } from '../../harness/calibrate/evaluate.ts'
import type { Row } from '../../harness/calibrate/rows.ts'
import { evenSchedule } from '../../harness/calibrate/truth.ts'
import { loadResult, metricResult, trend } from '../support/load-result.ts'

const row: Row = {
  name: 'constant 10 ms, 100/s',
  script: 'arrival-rate',
  plan: { delay: { kind: 'constant', ms: 10 } },
  users: 10,
  rate: 100,
  comparisons: [{ what: 'intended', metric: 'http_req_intended_duration', truth: 'intended' }],
  isQuick: true,
}

/** 1,000 requests, each at the oracle `startErrorMs` after it was due and measured `measuredMs`. */
function seen(
  { startErrorMs = 0.2, measuredMs = 10.3, samples = 1000 },
  changes: Partial<Drive> = {},
  metrics: [name: string, count: number][] = [],
): Drive {
  const schedule = evenSchedule(5000, 100)
  const entries = Array.from({ length: 1000 }, (_, id) => {
    const arrivedMs = schedule(id) + startErrorMs
    return { id, arrivedMs, plannedMs: [arrivedMs + 9.9], releasedMs: [arrivedMs + 10] }
  })
  const { metric, histogram } = trend('http_req_intended_duration', Array(samples).fill(measuredMs))
  const counters = metrics.map(([name, count]) => metricResult({ metric: name, kind: 'counter', count, sum: count }))
  return {
    entries,
    schedule,
    planned: 1000,
    result: loadResult({ metrics: [metric, ...counters], histograms: [histogram] }),
    faults: [],
    cpuWait: { oracle: 0, generator: 0 },
    messages: [],
    ...changes,
  }
}

const unmet = (drive: Drive) =>
  evaluate(row, drive)
    .figures.filter(({ verdict }) => verdict === 'out')
    .map(({ what, stat }) => `${what} ${stat}`.trim())

describe('A row of a calibration', () => {
  it('lays what was programmed, released and measured beside each other', () => {
    const { figures, losses } = evaluate(row, seen({}))
    const [p50] = figures
    assert.deepEqual(losses, [])
    assert.deepEqual([p50?.what, p50?.stat, p50?.verdict], ['intended', 'p50', 'in'])
    assert.deepEqual(
      [p50?.programmed, p50?.released, p50?.measured].map((ms) => ms?.toFixed(2)),
      ['10.10', '10.20', '10.30'],
    )
    assert.deepEqual(
      figures.map(({ what, stat }) => `${what} ${stat}`.trim()),
      [
        ...['intended p50', 'intended p90', 'intended p99', 'intended p99.9'],
        ...['arrival rate', 'start error p50', 'start error p90', 'start error p99', 'start error p99.9'],
      ],
    )
  })

  it('is in band when all is right', () => {
    assert.deepEqual(unmet(seen({})), [])
    assert.equal(reportOf(row, seen({})).verdict, 'in')
  })

  it('is out of band when latencies are wrong, however right they were for the service', () => {
    // 4 ms late, and measured from when the request was sent.
    assert.deepEqual(unmet(seen({ startErrorMs: 1.5, measuredMs: 10 })), ['intended p50', 'intended p99'])
  })

  it('is out of band when requests start late', () => {
    assert.deepEqual(unmet(seen({ startErrorMs: 3, measuredMs: 13 })), ['start error p99'])
  })

  it('is out of band when the rate is another', () => {
    assert.deepEqual(unmet(seen({}, { schedule: evenSchedule(5000, 100.2) })).includes('intended p50'), true)
    const drive = seen({})
    assert.equal(
      evaluate({ ...row, rate: 101 }, drive).figures.find(({ what }) => what === 'arrival rate')?.verdict,
      'out',
    )
  })

  it('tells what was lost, and then is out of band', () => {
    const drive = seen({ samples: 998 }, { messages: ['error: no'] }, [
      ['dropped_iterations', 3],
      ['http_req_failed', 2],
    ])
    drive.entries[0]!.releasedMs = []
    const { verdict, notes } = reportOf(row, { ...drive, planned: 1003 })
    assert.equal(verdict, 'out')
    assert.deepEqual(notes, [
      '1 answers were cut off before their end',
      '2 requests failed',
      '3 starts were dropped, so the schedule cannot be laid beside the log',
      'intended: 998 samples of 999 answers (http_req_intended_duration)',
    ])
  })

  it('is out of band when a part of the schedule is missing, although all the rest is right', () => {
    const { verdict, notes } = reportOf(row, seen({}, { planned: 1667 }))
    assert.equal(verdict, 'out')
    assert.deepEqual(notes, ['1000 requests reached the oracle where the schedule has 1667'])
  })

  it('that was out of band by what a process waited for a CPU says nothing', () => {
    const late = (cpuWait: Drive['cpuWait']) => {
      const drive = seen({}, { cpuWait })
      for (const entry of drive.entries.slice(0, 15)) entry.arrivedMs += 40
      return reportOf(row, drive).verdict
    }
    assert.equal(late({ oracle: 0.006, generator: 0 }), 'disturbed')
    assert.equal(late({ oracle: 0, generator: 0.006 }), 'disturbed')
    assert.equal(late({ oracle: 0.004, generator: 0 }), 'out', 'that is no disturbance')
    assert.equal(late({ oracle: 0, generator: 0 }), 'out')
    assert.equal(reportOf(row, seen({}, { cpuWait: { oracle: 0.2, generator: 0 } })).verdict, 'in')
  })

  for (const share of [0.01, 0.2]) {
    it(`is out of band by half as much again, also when ${100 * share}% of the time was waited`, () => {
      const waited = { cpuWait: { oracle: share, generator: share } }
      assert.equal(reportOf(row, seen({ measuredMs: 15.3 }, waited)).verdict, 'out')
      assert.equal(reportOf(row, seen({ measuredMs: 6.8 }, waited)).verdict, 'out')
      assert.equal(reportOf(row, seen({ startErrorMs: 5, measuredMs: 15 }, waited)).verdict, 'out')
    })
  }

  it('is out of band by more than the generator itself objects to', () => {
    const objecting = { faults: ['the generator was late: p99 3.0 ms'] }
    assert.equal(reportOf(row, seen({ measuredMs: 15.3 }, objecting)).verdict, 'out')
  })

  it('with a few starts dropped while a process waited says nothing; with many it is out of band', () => {
    const dropping = (count: number, share: number) =>
      reportOf(
        row,
        seen({}, { planned: 1000 + count, cpuWait: { oracle: share, generator: 0 } }, [['dropped_iterations', count]]),
      ).verdict
    assert.deepEqual([dropping(20, 0.01), dropping(100, 0.01), dropping(20, 0)], ['disturbed', 'out', 'out'])
  })

  it('that holds up its generator on purpose is right all the same, and nothing else is judged of it', () => {
    const spinning: Row = { ...row, spin: { ms: 50, every: 100 } }
    const held = seen({ startErrorMs: 40, measuredMs: 50.1 }, { faults: ['the generator was late: p99 40.0 ms'] })
    const { verdict, figures, controls } = reportOf(spinning, held)
    assert.equal(verdict, 'in')
    assert.deepEqual([...new Set(figures.map(({ what }) => what))], ['intended'])
    assert.equal(controls.length, 2)
    const omitting = seen({ startErrorMs: 40, measuredMs: 10.1 }, { faults: held.faults })
    assert.equal(reportOf(spinning, omitting).verdict, 'out')
  })

  it('to which the generator itself objects says nothing, even in band', () => {
    assert.equal(reportOf(row, seen({}, { faults: ['the generator was late'] })).verdict, 'disturbed')
  })
})

describe('The control "intended start switched off"', () => {
  const control = { what: 'switched off', metric: 'http_req_duration', truth: 'intended', isControl: true } as const
  const withControl: Row = { ...row, comparisons: [control] }
  const measuring = (ms: number): Drive => {
    const { metric, histogram } = trend('http_req_duration', Array(1000).fill(ms))
    return seen({}, { result: loadResult({ metrics: [metric], histograms: [histogram] }) })
  }

  it('is detected by a p99 that leaves out the waiting', () => {
    const [found] = evaluate(withControl, measuring(5)).controls
    assert.equal(found?.isDetected, true)
    assert.equal(
      found?.evidence,
      'a tool without it would report http_req_duration: p99 5.0 ms where 10.2 ms were waited',
    )
  })

  it('is not detected by one that has it, and is no row of the table', () => {
    const { controls, figures } = evaluate({ ...withControl, rate: 100 }, measuring(10.2))
    assert.equal(controls[0]?.isDetected, false)
    assert.ok(figures.every(({ what }) => what !== 'switched off'))
  })

  it('is not detected by one that is too long', () => {
    assert.equal(evaluate(withControl, measuring(20)).controls[0]?.isDetected, false)
  })

  it('is not detected by having measured nothing', () => {
    const [found] = evaluate(withControl, seen({}, { result: loadResult() })).controls
    assert.equal(found?.isDetected, false)
  })
})

describe('The control "generator blocked"', () => {
  const late = 'the generator was late: p99 50.0 ms, allowed 2.0 ms'

  it("is detected by the generator's own watch and by the oracle", () => {
    const found = blockedControls(seen({ startErrorMs: 40 }, { faults: [late] }))
    assert.deepEqual(
      found.map(({ isDetected }) => isDetected),
      [true, true],
    )
  })

  it('is not detected by another objection, nor by starts in time', () => {
    const found = blockedControls(seen({}, { faults: ['the generator was busy'] }))
    assert.deepEqual(
      found.map(({ isDetected }) => isDetected),
      [false, false],
    )
  })
})
