import type { Pool } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import { keptAlive } from '../upstream/connections.ts'
import type { Knowledge } from './port.ts'
import { KnowledgeService } from './service.ts'

const mostConnections = 200

/** One pool of kept-alive connections for the process. */
class PooledKnowledge implements Knowledge {
  readonly #pool: Pool
  readonly #service: KnowledgeService
  #callsInFlight = 0
  #connectionsMade = 0

  constructor(config: GatewayConfig) {
    this.#service = new KnowledgeService(config)
    this.#pool = keptAlive(config.knowledgeUrl, config.authority, mostConnections)
    this.#pool.on('connect', () => {
      this.#connectionsMade += 1
    })
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  async lookUp(query: string, signal: AbortSignal): Promise<string[]> {
    this.#callsInFlight += 1
    try {
      return await this.#service.lookUp(this.#pool, query, signal)
    } finally {
      this.#callsInFlight -= 1
    }
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#service.check(this.#pool, signal)
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}

export const pooledKnowledge = (config: GatewayConfig): Knowledge => new PooledKnowledge(config)
