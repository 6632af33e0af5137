import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { localRateLimit } from '../../../reference-server/rate-limit/local.ts'
import { slidingWindowRateLimit } from '../../../reference-server/rate-limit/sliding-window.ts'
import { redisForTests } from '../support/redis.ts'
import { openWorkers } from '../support/workers.ts'

const redis = redisForTests()
const windowMs = 60_000
const key = 'gateway:rate-limit:app'

const open = async (t: TestContext, rateLimit: number, count = 1, make = slidingWindowRateLimit) => {
  const config = { rateLimit, rateWindowMs: windowMs }
  return (await openWorkers(t, count, redis.server.url)).map((worker) => make({ ...worker, config }))
}

it('Where no limit is configured, no turn is refused, and nothing is counted', async () => {
  for (const make of [slidingWindowRateLimit, localRateLimit]) {
    const limit = make({ config: { rateLimit: 0, rateWindowMs: 1 }, redis: undefined })
    const decisions = await Promise.all(Array.from({ length: 100 }, () => limit.take('app')))
    assert.ok(decisions.every(({ allowed, remaining }) => allowed && remaining === Number.POSITIVE_INFINITY))
  }
})

it('Without Redis a worker counts on its own', async () => {
  const limit = slidingWindowRateLimit({ config: { rateLimit: 1, rateWindowMs: windowMs }, redis: undefined })
  assert.deepEqual(await limit.take('app'), { allowed: true, remaining: 0, retryAfterS: 0 })
  assert.equal((await limit.take('app')).allowed, false)
})

describe('The sliding window in Redis', { skip: redis.skip }, () => {
  beforeEach(async () => {
    if (!redis.skip) await redis.client.flushall()
  })

  /** Puts turns into the window that were taken so long ago by Redis's clock. */
  const takenAgo = async (...agesMs: number[]): Promise<void> => {
    const [seconds, microseconds] = await redis.client.time()
    const nowMs = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
    await redis.client.rpush(key, ...agesMs.map((ageMs) => nowMs - ageMs))
  }

  it('lets as many turns go on as the limit, says how many are left, and keeps apps apart', async (t) => {
    const [limit] = await open(t, 3)
    for (const remaining of [2, 1, 0]) {
      assert.deepEqual(await limit!.take('app'), { allowed: true, remaining, retryAfterS: 0 })
    }
    const { allowed, remaining, retryAfterS } = await limit!.take('app')
    assert.deepEqual({ allowed, remaining }, { allowed: false, remaining: 0 })
    assert.ok(Number.isInteger(retryAfterS) && retryAfterS > 0 && retryAfterS <= windowMs / 1000)
    assert.equal((await limit!.take('other')).allowed, true)
  })

  it('lets exactly the limit through when four workers take at once', async (t) => {
    const limits = await open(t, 50, 4)
    const takes = Array.from({ length: 200 }, (_, index) => limits[index % 4]!.take('app'))
    const allowed = (await Promise.all(takes)).filter((each) => each.allowed)
    assert.deepEqual(
      allowed.map(({ remaining }) => remaining).sort((a, b) => b - a),
      Array.from({ length: 50 }, (_, index) => 49 - index),
    )
  })

  it('counts by worker where the limit is local: four workers let through four times as many', async (t) => {
    const limits = await open(t, 50, 4, localRateLimit)
    const decisions = Array.from({ length: 400 }, (_, index) => limits[index % 4]!.take('app'))
    assert.equal((await Promise.all(decisions)).filter(({ allowed }) => allowed).length, 200)
    assert.equal(await redis.client.dbsize(), 0)
  })

  it('frees a place whenever a turn leaves the window, and not all of them at its end', async (t) => {
    const [limit] = await open(t, 3)
    await takenAgo(windowMs + 1, windowMs, 20_500)
    assert.deepEqual(await limit!.take('app'), { allowed: true, remaining: 1, retryAfterS: 0 })
    assert.deepEqual(await limit!.take('app'), { allowed: true, remaining: 0, retryAfterS: 0 })
    const { allowed, retryAfterS } = await limit!.take('app')
    assert.equal(allowed, false)
    // 39.5 seconds less what the three takes lasted.
    assert.ok(retryAfterS > 20 && retryAfterS <= 40, `${retryAfterS}`)
  })

  it('tells how long until there is room where the limit was lowered', async (t) => {
    const [limit] = await open(t, 2)
    await takenAgo(50_000, 40_000, 20_500, 10_000)
    const { allowed, retryAfterS } = await limit!.take('app')
    assert.equal(allowed, false)
    assert.ok(retryAfterS > 20 && retryAfterS <= 40, `${retryAfterS}`)
  })

  it('keeps no more than the limit, and nothing of an app that went away', async (t) => {
    const [limit] = await open(t, 5)
    for (let count = 0; count < 20; count += 1) await limit!.take('app')
    assert.equal(await redis.client.llen(key), 5)
    const leftMs = await redis.client.pttl(key)
    assert.ok(leftMs > 0 && leftMs <= windowMs)
  })

  it('leaves the limit to the worker while Redis is away, which knows the turns before, and says so once', async (t) => {
    const log = t.mock.method(process.stderr, 'write', () => true)
    const limits = await open(t, 4)
    const allowed = async (): Promise<boolean> => (await limits[0]!.take('app')).allowed
    assert.deepEqual([await allowed(), await allowed()], [true, true])
    await redis.server.goDown()
    assert.deepEqual([await allowed(), await allowed(), await allowed(), await allowed()], [true, true, false, false])
    await redis.server.comeBack()
    // Redis has forgotten everything and counts from nothing; the worker would refuse.
    while (!(await allowed())) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(await redis.client.llen(key), 1)
    const lines = log.mock.calls.map((call) => String(call.arguments[0]))
    assert.equal(lines.filter((line) => line.includes('limited by each worker on its own')).length, 1)
  })
})
