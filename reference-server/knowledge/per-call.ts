import { Client } from 'undici'
import type { GatewayConfig } from '../gateway/config.ts'
import type { Knowledge } from './port.ts'
import { KnowledgeService } from './service.ts'

/** A new client, and with it a new connection, for each look-up; closed after it. */
class PerCallKnowledge implements Knowledge {
  readonly #config: GatewayConfig
  readonly #service: KnowledgeService
  readonly #clients = new Set<Client>()
  #connectionsMade = 0

  constructor(config: GatewayConfig) {
    this.#config = config
    this.#service = new KnowledgeService(config)
  }

  get callsInFlight(): number {
    return this.#clients.size
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  lookUp(query: string, signal: AbortSignal): Promise<string[]> {
    return this.#withClient((client) => this.#service.lookUp(client, query, signal))
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#withClient((client) => this.#service.check(client, signal))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.destroy()))
  }

  async #withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const { knowledgeUrl, authority } = this.#config
    const client = new Client(knowledgeUrl.origin, { pipelining: 1, connect: { ca: authority } })
    client.on('connect', () => {
      this.#connectionsMade += 1
    })
    this.#clients.add(client)
    try {
      return await use(client)
    } finally {
      this.#clients.delete(client)
      void client.destroy()
    }
  }
}

export const perCallKnowledge = (config: GatewayConfig): Knowledge => new PerCallKnowledge(config)
