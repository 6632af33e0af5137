import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Planner } from '../../../harness/calibrate/oracle/plan.ts'

const fiveMs = { seed: 1, delay: { kind: 'constant', ms: 5 }, stall: null, stream: null } as const

describe("The oracle's plan", () => {
  it('releases an answer after its delay', () => {
    assert.deepEqual(new Planner(fiveMs).releasesOf(100), [105])
  })

  it('releases the tokens of a stream at their gaps', () => {
    const planner = new Planner({ ...fiveMs, stream: { tokens: 4, gapMs: 8 } })
    assert.deepEqual(planner.releasesOf(0), [5, 13, 21, 29])
  })

  it('keeps what falls into a stall until its end; stalls begin half a period after the first arrival', () => {
    const planner = new Planner({ ...fiveMs, stall: { everyMs: 2000, forMs: 200 } })
    const cases: [arrivedMs: number, releasedMs: number][] = [
      [500, 505],
      [1494, 1499],
      [1495, 1700],
      [1600, 1700],
      [1694, 1700],
      [1695, 1700],
      [1696, 1701],
      [3600, 3700],
      [3700, 3705],
    ]
    for (const [arrivedMs, releasedMs] of cases) assert.deepEqual(planner.releasesOf(arrivedMs), [releasedMs])
  })

  it('keeps the tokens of a stream that fall into a stall, in order', () => {
    const planner = new Planner({ ...fiveMs, stall: { everyMs: 2000, forMs: 200 }, stream: { tokens: 3, gapMs: 100 } })
    planner.releasesOf(0)
    assert.deepEqual(planner.releasesOf(950), [955, 1200, 1200])
  })
})
