import { Client } from 'undici'
import { askOver, type HostConfig } from './ask.ts'
import type { HostRequest, ToolHost } from './port.ts'

/** A new client, and with it a new connection, for each call; closed after it. */
class PerCallToolHost implements ToolHost {
  readonly #config: HostConfig
  readonly #clients = new Set<Client>()
  #connectionsMade = 0

  constructor(config: HostConfig) {
    this.#config = config
  }

  get callsInFlight(): number {
    return this.#clients.size
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  async ask(request: HostRequest, signal: AbortSignal): Promise<string> {
    const { toolsUrl, authority } = this.#config
    const client = new Client(toolsUrl.origin, { pipelining: 1, connect: { ca: authority } })
    client.on('connect', () => {
      this.#connectionsMade += 1
    })
    this.#clients.add(client)
    try {
      return await askOver(client, this.#config, request, signal)
    } finally {
      this.#clients.delete(client)
      void client.destroy()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.destroy()))
  }
}

export const perCallToolHost = (config: HostConfig): ToolHost => new PerCallToolHost(config)
