import type { Pool } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { Outage } from '../outage.ts'
import type { Eventual } from '../state/port.ts'
import { basePathOf, keptAlive } from '../upstream/connections.ts'
import { exchange } from '../upstream/exchange.ts'
import { BackOff } from './back-off.ts'
import type { Memory } from './port.ts'

/** What a memory client is made from. */
export type MemoryConfig = { memoryUrl: URL } & Pick<GatewayConfig, 'authority'>

const service = 'the memory service'
const mostConnections = 100
/** A service may take its time to start, but memories that come late are not worth a turn's waiting. */
const greetingDeadlineMs = 10_000
const recallDeadlineMs = 2_000

const readMemories = (text: string): string[] => {
  try {
    const { memories } = JSON.parse(text) as { memories: unknown[] }
    return memories.filter((memory) => typeof memory === 'string')
  } catch (error) {
    throw upstreamFailed('the memory service sent an answer that is no list of memories', error)
  }
}

/** The memory service over one pool of kept-alive connections for the process. When it is greeted is what differs. */
export abstract class MemoryService implements Memory {
  readonly #pool: Pool
  readonly #basePath: string
  readonly #outage = new Outage('agents go without their memories')
  readonly #backOff = new BackOff()
  #ready = false
  #callsInFlight = 0
  /** Aborted when the gateway closes. */
  protected readonly closing = new AbortController()
  /** The greeting that is under way. */
  protected greeting: Promise<void> | undefined

  constructor({ memoryUrl, authority }: MemoryConfig) {
    this.#basePath = basePathOf(memoryUrl)
    this.#pool = keptAlive(memoryUrl, authority, mostConnections)
  }

  abstract open(): Promise<void>

  get ready(): boolean {
    return this.#ready
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  recall(agent: string, query: string, signal: AbortSignal): Eventual<readonly string[]> {
    signal.throwIfAborted()
    return this.#ready && this.restMs === 0 ? this.#ask(agent, query, signal) : []
  }

  async close(): Promise<void> {
    this.closing.abort()
    // Turns that wait for a greeting hear of its failure themselves.
    await this.greeting?.catch(() => {})
    await this.#pool.destroy()
  }

  /** For how long the service is to be left alone yet. */
  protected get restMs(): number {
    return this.#backOff.leftMs
  }

  /** Greets the service once; afterwards it is ready, or the failure was noted. Fails only when the gateway closes. */
  protected async greet(): Promise<void> {
    const { signal } = this.closing
    const greeted = await this.#tried(() => this.#post('/memory/greet', {}, greetingDeadlineMs, signal), signal)
    if (greeted !== undefined) this.#ready = true
  }

  async #ask(agent: string, query: string, signal: AbortSignal): Promise<readonly string[]> {
    const ask = async () => readMemories(await this.#post('/memory/recall', { agent, query }, recallDeadlineMs, signal))
    return (await this.#tried(ask, signal)) ?? []
  }

  /** Undefined where `call` failed for another reason than that it was given up. */
  async #tried<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      const result = await call()
      this.#backOff.worked()
      this.#outage.worked()
      return result
    } catch (error) {
      signal.throwIfAborted()
      this.#backOff.failed()
      this.#outage.failed(error)
      return undefined
    }
  }

  async #post(path: string, content: object, deadlineMs: number, signal: AbortSignal): Promise<string> {
    this.#callsInFlight += 1
    try {
      const headers = { 'content-type': 'application/json' }
      const payload = JSON.stringify(content)
      const request = {
        service,
        method: 'POST',
        path: this.#basePath + path,
        headers,
        payload,
        signal,
        deadlineMs,
      } as const
      return await exchange(this.#pool, request)
    } finally {
      this.#callsInFlight -= 1
    }
  }
}
