import type { RedisConnection, ScriptCommand } from '../bus/redis-connection.ts'
import { logFailure } from '../errors.ts'
import type { Context } from '../gateway/context.ts'
import { countLocally } from './local.ts'
import type { Decision, RateLimit } from './port.ts'
import { unlimited } from './unlimited.ts'
import { decide, type Limits } from './window.ts'

/**
 * KEYS: the app's list of when its turns were taken, in milliseconds of Redis's own clock, oldest first. ARGV: limit,
 * window in milliseconds. Gives how many turns were in the window before this one, and milliseconds until there will be
 * room for one. The list is never longer than the limit, and goes when its last turn has left the window.
 */
const take = `
  local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
  while oldest and oldest <= now - window do
    redis.call('LPOP', KEYS[1])
    oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
  end
  local taken = redis.call('LLEN', KEYS[1])
  if taken >= limit then
    return { taken, redis.call('LINDEX', KEYS[1], taken - limit) + window - now }
  end
  redis.call('RPUSH', KEYS[1], string.format('%d', now))
  redis.call('PEXPIRE', KEYS[1], window)
  return { taken, 0 }`

/** One window for all workers and gateways, kept in Redis by one atomic script. */
class SlidingWindow implements RateLimit {
  readonly #limits: Limits
  readonly #take: ScriptCommand
  /** Counts along, so that it knows the last turns when it has to decide. */
  readonly #local: RateLimit
  #away = false

  constructor(redis: RedisConnection, limits: Limits) {
    this.#limits = limits
    this.#take = redis.script('takeTurn', 1, take)
    this.#local = countLocally(limits)
  }

  /** The connection is the bus's. */
  async open(): Promise<void> {}

  async take(app: string): Promise<Decision> {
    const { rateLimit, rateWindowMs } = this.#limits
    try {
      const reply = await this.#take(`gateway:rate-limit:${app}`, rateLimit, rateWindowMs)
      const [taken, freeInMs] = reply as [number, number]
      this.#away = false
      const decision = decide(taken, rateLimit, freeInMs)
      if (decision.allowed) this.#local.take(app)
      return decision
    } catch (error) {
      if (!this.#away) logFailure('turns are limited by each worker on its own until Redis answers', error)
      this.#away = true
      return this.#local.take(app)
    }
  }

  async close(): Promise<void> {}
}

/** Where there is no Redis, each worker counts on its own; what starts the gateway says so. */
export const slidingWindowRateLimit = ({ config, redis }: { config: Limits } & Pick<Context, 'redis'>): RateLimit => {
  if (config.rateLimit === 0) return unlimited
  return redis ? new SlidingWindow(redis, config) : countLocally(config)
}
