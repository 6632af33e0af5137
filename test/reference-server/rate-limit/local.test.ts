import assert from 'node:assert/strict'
import { it } from 'node:test'
import { countLocally } from '../../../reference-server/rate-limit/local.ts'

/** A limit whose clock is set by hand. */
const limitAt = (rateLimit: number, rateWindowMs: number) => {
  const clock = { nowMs: 5_000 }
  return { clock, limit: countLocally({ rateLimit, rateWindowMs }, () => clock.nowMs) }
}

it('As many turns as the limit go on in a window; the next is told when the oldest leaves it', () => {
  const { clock, limit } = limitAt(2, 10_000)
  assert.deepEqual(limit.take('app'), { allowed: true, remaining: 1, retryAfterS: 0 })
  clock.nowMs += 3_000
  assert.deepEqual(limit.take('app'), { allowed: true, remaining: 0, retryAfterS: 0 })
  clock.nowMs += 1_500
  assert.deepEqual(limit.take('app'), { allowed: false, remaining: 0, retryAfterS: 6 })
  clock.nowMs += 5_499
  assert.deepEqual(limit.take('app'), { allowed: false, remaining: 0, retryAfterS: 1 })
  clock.nowMs += 1
  assert.deepEqual(limit.take('app'), { allowed: true, remaining: 0, retryAfterS: 0 })
  assert.deepEqual(limit.take('app'), { allowed: false, remaining: 0, retryAfterS: 3 })
})

it("Apps do not use up each other's turns", () => {
  const { limit } = limitAt(1, 1_000)
  assert.equal(limit.take('a').allowed, true)
  assert.equal(limit.take('a').allowed, false)
  assert.equal(limit.take('b').allowed, true)
})

it('No stretch as long as the window ever has more turns than the limit, and no turn is refused without need', () => {
  const [most, windowMs] = [7, 100]
  const { clock, limit } = limitAt(most, windowMs)
  const taken: number[] = []
  for (let index = 0; index < 3_000; index += 1) {
    // Steps that wander between crowded and idle, and hit the window's edge exactly now and then.
    clock.nowMs += (index * index) % 37
    const inWindow = taken.filter((atMs) => atMs > clock.nowMs - windowMs).length
    const { allowed, remaining } = limit.take('app')
    assert.equal(allowed, inWindow < most)
    assert.equal(remaining, allowed ? most - inWindow - 1 : 0)
    if (allowed) taken.push(clock.nowMs)
  }
  assert.ok(taken.length > most && taken.length < 3_000)
})
