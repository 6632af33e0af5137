import type { Bus } from '../bus/port.ts'
import type { RedisConnection, ScriptCommand } from '../bus/redis-connection.ts'
import { type HandOver, resultChannel } from './hand-over.ts'
import type { ToolResult } from './port.ts'
import type { WaitingCalls } from './waiting-calls.ts'

/** A wait can end late, or its gateway die: the key outlives the longest wait by this much. */
const marginMs = 60_000

/** A key holds one of these: `w` while the call is waited for, `r` and the result once that was taken. */
const keyOf = (callId: string): string => `gateway:tool-call:${callId}`

/** KEYS: the call's key. ARGV: the result, its channel, milliseconds to keep it. Gives 1 where the result was taken. */
const deliver = `
  if redis.call('GET', KEYS[1]) ~= 'w' then return 0 end
  redis.call('SET', KEYS[1], 'r' .. ARGV[1], 'PX', ARGV[3])
  redis.call('PUBLISH', ARGV[2], ARGV[1])
  return 1`

/** KEYS: the call's key. ARGV: milliseconds to keep it. Announces the call anew unless a result was taken: gives that. */
const resume = `
  local value = redis.call('GET', KEYS[1])
  if value and value ~= 'w' then return value end
  redis.call('SET', KEYS[1], 'w', 'PX', ARGV[1])`

/**
 * With Redis: a key for each call that is waited for. The worker at which a result arrives exchanges the key's value
 * for the result and publishes it in one step, so that of two results one is taken, wherever they arrive. The result
 * stays there until whoever waits takes the key away, since the message that brings it may be lost with a connection.
 */
class RedisHandOver implements HandOver {
  readonly #redis: RedisConnection
  readonly #calls: WaitingCalls
  readonly #keptMs: number
  readonly #deliver: ScriptCommand
  readonly #resume: ScriptCommand

  constructor(redis: RedisConnection, bus: Bus, calls: WaitingCalls, toolTimeoutMs: number) {
    this.#redis = redis
    this.#calls = calls
    this.#keptMs = toolTimeoutMs + marginMs
    this.#deliver = redis.script('deliverToolResult', 1, deliver)
    this.#resume = redis.script('resumeToolCall', 1, resume)
    bus.onRecovered(() => this.#resumeAll())
  }

  /** The connection is the bus's. */
  async open(): Promise<void> {}

  async announce(callId: string): Promise<void> {
    await this.#redis.ask((client) => client.set(keyOf(callId), 'w', 'PX', this.#keptMs))
  }

  async withdraw(callId: string): Promise<void> {
    await this.#redis.ask((client) => client.del(keyOf(callId)))
  }

  async deliver({ callId, content }: ToolResult): Promise<boolean> {
    return (await this.#deliver(keyOf(callId), content, resultChannel(callId), this.#keptMs)) === 1
  }

  async close(): Promise<void> {}

  /** After an outage messages may have been lost, and a Redis that was started again may have forgotten every key. */
  #resumeAll(): void {
    // Where it fails, Redis is away once more, and this is called again when it is back.
    for (const callId of this.#calls.ids) this.#resumeOne(callId).catch(() => {})
  }

  async #resumeOne(callId: string): Promise<void> {
    const value = await this.#resume(keyOf(callId), this.#keptMs)
    if (typeof value === 'string') this.#calls.resolve({ callId, content: value.slice(1) })
  }
}

export const redisHandOver = (redis: RedisConnection, bus: Bus, calls: WaitingCalls, toolTimeoutMs: number): HandOver =>
  new RedisHandOver(redis, bus, calls, toolTimeoutMs)
