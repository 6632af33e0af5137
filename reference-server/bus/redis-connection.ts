import { Redis, type RedisOptions, ReplyError } from 'ioredis'
import { exitCannotStart, logFailure, messageOf, StartError } from '../errors.ts'
import { Problem } from '../gateway/problems.ts'
import { RedisOutage } from './redis-outage.ts'

/** No command takes longer; a Redis that is slower than this is as good as gone. */
const answerMs = 2_000
/** How long after one that only reads the next connection is made. */
const recheckMs = 1_000
/** What Redis refuses is told once in so long: the reason lasts, and in between come commands that it takes. */
const refusalsToldEveryMs = 60_000
/** Nothing is ever kept here: to remove it changes nothing, and is refused all the same where Redis only reads. */
const emptyKey = 'gateway:nothing'

/**
 * Error replies that are not the command's fault: a script that runs for too long, a cluster or a primary that is down, data
 * that are being loaded, a disk that fails, too few replicas, no memory, a server that is not the primary (any more).
 * Before version 7 Redis has them in the middle of the message where a script ran into them.
 */
const refusals = /(?:^|: -)(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|READONLY|TRYAGAIN)\b/

const refusalIn = (reply: Error): string | undefined => refusals.exec(reply.message)?.[1]

const unavailable = (what: string, cause: unknown): Problem =>
  new Problem(503, `Redis ${what}; try again later`, { cause, retryAfterS: 1 })
const unreachable = (cause: unknown): Problem => unavailable('cannot be reached', cause)

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
  /** The reply by which Redis was found to only read, until a connection is found on which it writes. */
  #readOnly: Error | undefined
  #recheck: NodeJS.Timeout | undefined
  #refusalToldAtMs = Number.NEGATIVE_INFINITY

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
   * @throws Problem 503 at once where Redis cannot be reached or refuses commands, within two seconds where it does not
   *   answer
   * @throws ReplyError where the command is wrong
   */
  async ask<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    if (this.#readOnly) throw unreachable(this.#readOnly)
    try {
      return await work(this.client)
    } catch (error) {
      if (error instanceof ReplyError) throw this.#asProblem(error as Error)
      if ((error as Error).message === 'Command timed out') this.#startAfresh(error)
      throw unreachable(error)
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
    clearTimeout(this.#recheck)
    await this.client.quit().catch(() => this.client.disconnect())
  }

  /** What whoever asked hears of an error reply: itself, where trying again would not help. */
  #asProblem(reply: Error): Error {
    const refusal = refusalIn(reply)
    if (refusal === undefined) return reply
    if (refusal === 'READONLY') {
      this.#noteReadOnly(reply)
      return unreachable(reply)
    }
    this.#tellRefusal(reply)
    return unavailable('refuses this for now', reply)
  }

  /** The primary is another server now, and a new connection may well lead to that one. */
  #noteReadOnly(reply: Error): void {
    if (this.#readOnly) return
    this.#readOnly = reply
    this.#startAfresh(reply)
  }

  #tellRefusal(reply: Error): void {
    const nowMs = performance.now()
    if (nowMs - this.#refusalToldAtMs < refusalsToldEveryMs) return
    this.#refusalToldAtMs = nowMs
    logFailure(`Redis at ${this.#address} refuses commands`, reply)
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
      if (this.#readOnly) await this.#assertWritable()
      await this.#restore()
      this.outage.ended(this.#use)
    } catch (error) {
      // Where the connection was lost once more, this comes again.
      this.outage.began(this.#use, error)
    }
  }

  /** @throws where Redis still only reads, or does not answer; then the next connection shows */
  async #assertWritable(): Promise<void> {
    clearTimeout(this.#recheck)
    try {
      await this.client.del(emptyKey)
    } catch (error) {
      // What it refuses for another reason it does not refuse as one that only reads.
      if (!(error instanceof ReplyError) || refusalIn(error as Error) === 'READONLY') {
        if (!this.#closing) this.#recheck = setTimeout(() => this.client.disconnect(true), recheckMs).unref()
        throw error
      }
    }
    this.#readOnly = undefined
  }
}
