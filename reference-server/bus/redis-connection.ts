import { Redis, type RedisOptions, ReplyError } from 'ioredis'
import { exitCannotStart, messageOf, StartError } from '../errors.ts'
import { Problem } from '../gateway/problems.ts'
import { RedisOutage } from './redis-outage.ts'

/** No command takes longer; a Redis that is slower than this is as good as gone. */
const answerMs = 2_000

/** What cannot be sent or answered fails at once: no caller waits for Redis to come back, and no queue grows meanwhile. */
const options: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  // Whoever subscribes knows better than the library what it still listens to.
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  // A peer that hangs does not close its side either.
  disconnectTimeout: 100,
  connectTimeout: answerMs,
  commandTimeout: answerMs,
  keepAlive: 10_000,
  retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), 1_000),
}

/** A command that a script of Lua stands behind. */
export type ScriptCommand = (...keysAndArguments: (string | number)[]) => Promise<unknown>

/** One connection to Redis. Once open, it comes back by itself however often it is lost. */
export class RedisConnection {
  readonly client: Redis
  readonly outage: RedisOutage
  readonly #url: URL
  readonly #address: string
  readonly #use: string
  readonly #restore: () => Promise<unknown>
  #opened = false
  #closing = false
  #lastError: Error | undefined

  /**
   * @param use what for, as opposed to the other connections of the same outage
   * @param restore what has to be done before it can be used again
   */
  constructor(url: URL, use = 'commands', outage?: RedisOutage, restore = async (): Promise<unknown> => undefined) {
    this.#url = url
    // Without the password.
    this.#address = `${url.protocol}//${url.host}`
    this.#use = use
    this.#restore = restore
    this.outage = outage ?? new RedisOutage(this.#address)
    this.client = new Redis(url.href, options)
    this.client.on('error', (error: Error) => (this.#lastError = error))
    this.client.on('close', () => this.#onClose())
    this.client.on('ready', () => this.#onReady())
  }

  /** A second connection to the same Redis. */
  another(use: string, restore: () => Promise<unknown>): RedisConnection {
    return new RedisConnection(this.#url, use, this.outage, restore)
  }

  /** @throws StartError naming the address when Redis cannot be reached now */
  async open(): Promise<void> {
    try {
      await this.client.connect()
      this.#opened = true
    } catch (error) {
      this.client.disconnect()
      const reason = messageOf(this.#lastError ?? error)
      throw new StartError(`Redis at ${this.#address} cannot be used: ${reason}`, exitCannotStart, { cause: error })
    }
  }

  /**
   * Gives what `work` gives.
   * @throws Problem 503 at once where Redis cannot be reached, within two seconds where it does not answer
   * @throws ReplyError where Redis answers with an error
   */
  async ask<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(this.client)
    } catch (error) {
      if (error instanceof ReplyError) throw error
      if ((error as Error).message === 'Command timed out') this.#startAfresh(error)
      throw new Problem(503, 'Redis cannot be reached; try again later', { cause: error, retryAfterS: 1 })
    }
  }

  /** Makes a command of a script; Redis is sent its text only where it does not know it yet. */
  script(name: string, numberOfKeys: number, lua: string): ScriptCommand {
    this.client.defineCommand(name, { numberOfKeys, lua })
    const command = (this.client as unknown as Record<string, ScriptCommand>)[name]!.bind(this.client)
    return (...keysAndArguments) => this.ask(() => command(...keysAndArguments))
  }

  /** Resolves when Redis answers. */
  async check(): Promise<void> {
    await this.ask((client) => client.ping())
  }

  /** What was sent is answered first. */
  async close(): Promise<void> {
    this.#closing = true
    await this.client.quit().catch(() => this.client.disconnect())
  }

  /** Answers may come yet, but nobody knows when: a new connection shows sooner whether Redis is well. */
  #startAfresh(reason: unknown): void {
    this.outage.began(this.#use, reason)
    this.client.disconnect(true)
  }

  #onClose(): void {
    if (!this.#opened || this.#closing) return
    this.outage.began(this.#use, this.#lastError ?? 'the connection was closed')
    this.#lastError = undefined
  }

  async #onReady(): Promise<void> {
    try {
      await this.#restore()
      this.outage.ended(this.#use)
    } catch (error) {
      // Where the connection was lost once more, this comes again.
      this.outage.began(this.#use, error)
    }
  }
}
