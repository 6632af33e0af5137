import type { Pool } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { Outage } from '../outage.ts'
import { basePathOf, keptAlive } from '../upstream/connections.ts'
import { exchange } from '../upstream/exchange.ts'
import { BackOff } from './back-off.ts'

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

/** Calls to the memory service, over one pool of kept-alive connections for the process. */
export class MemoryService {
  readonly #pool: Pool
  readonly #basePath: string
  readonly #outage = new Outage('agents go without their memories')
  readonly #backOff = new BackOff()
  #ready = false
  #callsInFlight = 0

  constructor({ memoryUrl, authority }: MemoryConfig) {
    this.#basePath = basePathOf(memoryUrl)
    this.#pool = keptAlive(memoryUrl, authority, mostConnections)
  }

  get ready(): boolean {
    return this.#ready
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  /** For how long the service is to be left alone yet. */
  get restMs(): number {
    return this.#backOff.leftMs
  }

  /** Greets the service once; afterwards it is ready, or the failure was noted. */
  async greet(signal: AbortSignal): Promise<void> {
    const greeted = await this.#tried(() => this.#post('/memory/greet', {}, greetingDeadlineMs, signal), signal)
    if (greeted !== undefined) this.#ready = true
  }

  /** Memories of a service that is ready; none while it fails. */
  async recall(agent: string, query: string, signal: AbortSignal): Promise<readonly string[]> {
    if (this.restMs > 0) return []
    const ask = async () => readMemories(await this.#post('/memory/recall', { agent, query }, recallDeadlineMs, signal))
    return (await this.#tried(ask, signal)) ?? []
  }

  close(): Promise<void> {
    return this.#pool.destroy()
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
