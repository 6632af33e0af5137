import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeLatency, judgeRate, judgeStartError, type StatName } from '../../harness/calibrate/bands.ts'
import { explainsLatency, explainsRate, explainsStartError, touchedShare } from '../../harness/calibrate/excuse.ts'
import { percentileOf } from '../../harness/calibrate/truth.ts'

/** 5, 5.045, ... 50 ms. */
const uniform = Array.from({ length: 1001 }, (_, index) => 5 + (45 * index) / 1000)
const latency = (stat: StatName, measured: number) =>
  judgeLatency('service', stat, { programmed: 0, released: percentileOf(uniform, Number(stat.slice(1))), measured })

describe('Waiting for a CPU', () => {
  it('touches four times its share of the requests, and never more than a twentieth', () => {
    assert.equal(touchedShare({ totalMs: 20, share: 0.005 }), 0.02)
    assert.equal(touchedShare({ totalMs: 800, share: 0.2 }), 0.05)
  })

  const cases: [stat: StatName, measured: number, totalMs: number, isExplained: boolean, why: string][] = [
    ['p99', 60, 20, true, 'the few slowest may each have waited all of it'],
    ['p99', 71, 20, false, 'nobody waited longer than all of it'],
    ['p50', 28.7, 20, true, 'so many ranks higher'],
    ['p50', 29.5, 20, false, 'half of all did not wait'],
    ['p50', 41, 20, false, 'half as much again is another fault'],
    ['p50', 28.7, 0.1, false, 'there was not that much of it'],
    ['p50', 26.2, 20, true, 'a difference of two times may be shorter'],
    ['p50', 18, 20, false, 'but not by so much'],
    ['p99', Number.NaN, 20, false, 'what was not measured was not late'],
  ]
  for (const [stat, measured, totalMs, isExplained, why] of cases) {
    it(`of ${totalMs} ms ${isExplained ? 'explains' : 'does not explain'} ${measured} ms at ${stat}: ${why}`, () => {
      assert.equal(explainsLatency(latency(stat, measured), uniform, { totalMs, share: 0.005 }), isExplained)
    })
  }

  it('explains starts that were late when all but as many were in time', () => {
    const startsLate = (count: number, ms: number) => {
      const errorsMs = [...Array(1000 - count).fill(0.2), ...Array(count).fill(ms)]
      return explainsStartError(judgeStartError('p99', percentileOf(errorsMs, 99)), errorsMs, {
        totalMs: 20,
        share: 0.005,
      })
    }
    assert.deepEqual([startsLate(25, 15), startsLate(60, 15), startsLate(25, 30)], [true, false, false])
  })

  it('tilts the rate of arrivals by little', () => {
    const waiting = { totalMs: 200, share: 0.02 }
    assert.equal(explainsRate(judgeRate(400, 400.8), waiting), true)
    assert.equal(explainsRate(judgeRate(400, 402), waiting), false)
  })
})
