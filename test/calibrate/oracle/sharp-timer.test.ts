import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SharpTimer } from '../../../harness/calibrate/oracle/sharp-timer.ts'
import { monotonicNow } from '../../../harness/clock.ts'
import { mulberry32 } from '../../../harness/random.ts'

describe('A sharp timer', () => {
  it('rings for each in the order of their times, and never early', async () => {
    const timer = new SharpTimer()
    const random = mulberry32(5)
    const startMs = monotonicNow()
    const dueMs = Array.from({ length: 300 }, () => startMs + 40 * random())
    const rung: number[] = []
    await new Promise<void>((resolve) => {
      for (const due of dueMs) {
        timer.at(due, () => {
          assert.ok(monotonicNow() >= due)
          rung.push(due)
          if (rung.length === dueMs.length) resolve()
        })
      }
    })
    assert.deepEqual(
      rung,
      [...dueMs].sort((a, b) => a - b),
    )
  })

  it('can be set for an earlier time while it waits for a later one', async () => {
    const timer = new SharpTimer()
    const rung: string[] = []
    await new Promise<void>((resolve) => {
      timer.at(monotonicNow() + 60, () => {
        rung.push('late')
        resolve()
      })
      timer.at(monotonicNow() + 5, () => void rung.push('early'))
    })
    assert.deepEqual(rung, ['early', 'late'])
  })
})
