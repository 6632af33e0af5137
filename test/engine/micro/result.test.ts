import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readOptions } from '../../../harness/engine/micro/options.ts'
import { resultOf } from '../../../harness/engine/micro/result.ts'
import type { Measured } from '../../../harness/engine/micro/thread.ts'

const usual: Measured = {
  ...{ onceNs: 10, doublings: [1.9, 2.1], emptyNs: 1.2, samples: 40, operationsARound: 4, operationsPerSample: 10_000 },
  ...{ bytes: 16, used: 7 },
}

const faultsOf = (change: Partial<Measured>): string[] =>
  (resultOf([{ ...usual, ...change }], readOptions({}), { startMs: 0, endMs: 1 }).faults ?? []).map(
    ({ message }) => message,
  )

describe('What a task measured', () => {
  it('is sound where twice the work takes about twice as long', () => {
    assert.deepEqual(faultsOf({}), [])
  })

  it('is void where it does not', () => {
    const [message, ...others] = faultsOf({ doublings: [1.1, 0.9, 1.2, 1.1] })
    assert.match(message!, /^twice the work took 1\.10 times as long/)
    assert.deepEqual(others, [])
  })

  it('is void where ten passes but for one agree that it does not, and sound where two do not', () => {
    const removed = [1.1, 1.2, 1.1, 0.9, 1.3, 1.2, 1.1, 1, 1.2]
    assert.equal(faultsOf({ doublings: [...removed, 2] }).length, 1)
    assert.deepEqual(faultsOf({ doublings: [...removed.slice(1), 2, 2.1] }), [])
  })

  it('is told as the median of its passes, over all threads', () => {
    const { metrics } = resultOf(
      [
        { ...usual, doublings: [1.8, 2, 9] },
        { ...usual, doublings: [2, 2.2, 9] },
      ],
      readOptions({ threads: 2 }),
      { startMs: 0, endMs: 1 },
    )
    assert.equal(metrics.find(({ metric }) => metric === 'micro_doubling_ratio')!.last, 2.1)
  })

  it('is void where it is hardly more than the loop of nothing, however well it doubles', () => {
    const [message, ...others] = faultsOf({ onceNs: 0.3 })
    assert.match(message!, /^its work takes 1\.20 ns a round, a loop of nothing 1\.20 ns: that is too little to tell/)
    assert.deepEqual(others, [])
  })

  it('is counted by the operation: a round of one long operation is not held against the loop of four', () => {
    assert.deepEqual(faultsOf({ onceNs: 6, operationsARound: 1 }), [])
  })
})
