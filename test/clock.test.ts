import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const clock = join(import.meta.dirname, '../harness/clock.ts')

/** In a process that has just begun: how far monotonicNow() lies outside of two readings of CLOCK_MONOTONIC around it, ms. */
const script = `
  import { monotonicNow } from ${JSON.stringify(clock)}
  const read = () => Number(process.hrtime.bigint()) / 1e6
  let outside = Infinity
  for (let tries = 0; tries < 50; tries++) {
    const before = read()
    const now = monotonicNow()
    const after = read()
    outside = Math.min(outside, Math.max(0, before - now, now - after))
  }
  console.log(outside)
`

describe('The monotonic clock', () => {
  it('reads CLOCK_MONOTONIC to 20 microseconds, also in a process that has just begun', () => {
    const outsideMs = Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString())
    assert.ok(outsideMs < 0.02, `it was ${outsideMs} ms beside it`)
  })
})
