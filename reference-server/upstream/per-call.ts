import { Client } from 'undici'
import type { Answer } from '../delivery/port.ts'
import type { GatewayConfig } from '../gateway/config.ts'
import { type ChatTarget, chatTarget, checkHealth, completeChat } from './chat.ts'
import type { ModelCall, Upstream } from './port.ts'

/** A new client, and with it a new TCP connection and a full TLS handshake, for each call; closed after it. */
class PerCallUpstream implements Upstream {
  readonly #config: GatewayConfig
  readonly #target: ChatTarget
  readonly #clients = new Set<Client>()
  #connectionsMade = 0

  constructor(config: GatewayConfig) {
    this.#config = config
    this.#target = chatTarget(config.modelUrl, config.modelName, config.upstreamTimeoutMs)
  }

  get callsInFlight(): number {
    return this.#clients.size
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  complete(call: ModelCall): Promise<Answer> {
    return this.#withClient((client) => completeChat(client, this.#target, call))
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#withClient((client) => checkHealth(client, this.#target.basePath, signal))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.destroy()))
  }

  async #withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const { modelUrl, authority } = this.#config
    const client = new Client(modelUrl.origin, { pipelining: 1, connect: { ca: authority } })
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

export const perCallUpstream = (config: GatewayConfig): Upstream => new PerCallUpstream(config)
