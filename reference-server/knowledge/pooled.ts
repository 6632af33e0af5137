import { Pool } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { upstreamFailed } from '../gateway/problems.ts'
import { exchange } from '../upstream/exchange.ts'
import type { Knowledge } from './port.ts'

const service = 'the knowledge base'
const mostConnections = 200
const keepAliveMs = 300_000
const checkDeadlineMs = 2_000

const readDocuments = (text: string): string[] => {
  try {
    const { documents } = JSON.parse(text) as { documents: { text: string }[] }
    return documents.map((document) => document.text)
  } catch (error) {
    throw upstreamFailed('the knowledge base sent an answer that is no list of documents', error)
  }
}

/** One pool of kept-alive connections for the process. */
class PooledKnowledge implements Knowledge {
  readonly #pool: Pool
  readonly #basePath: string
  readonly #deadlineMs: number
  #callsInFlight = 0

  constructor({ knowledgeUrl, authority, upstreamTimeoutMs }: GatewayConfig) {
    this.#basePath = knowledgeUrl.pathname.replace(/\/$/, '')
    this.#deadlineMs = upstreamTimeoutMs
    this.#pool = new Pool(knowledgeUrl.origin, {
      connections: mostConnections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      connect: { ca: authority },
    })
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  async lookUp(query: string, signal: AbortSignal): Promise<string[]> {
    this.#callsInFlight += 1
    try {
      const path = `${this.#basePath}/knowledge`
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ query })
      const deadlineMs = this.#deadlineMs
      return readDocuments(
        await exchange(this.#pool, { service, method: 'POST', path, headers, body, signal, deadlineMs }),
      )
    } finally {
      this.#callsInFlight -= 1
    }
  }

  async check(signal: AbortSignal): Promise<void> {
    const path = `${this.#basePath}/healthz`
    await exchange(this.#pool, { service, method: 'GET', path, headers: {}, signal, deadlineMs: checkDeadlineMs })
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}

export const pooledKnowledge = (config: GatewayConfig): Knowledge => new PooledKnowledge(config)
