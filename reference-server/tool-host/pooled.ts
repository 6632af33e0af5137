import { Pool } from 'undici'
import { boundedAdmission } from '../admission/bounded.ts'
import { askOver, type HostConfig } from './ask.ts'
import type { HostRequest, ToolHost } from './port.ts'

const mostConnections = 20
const mostKeptAlive = 10
const keepAliveMs = 300_000

/**
 * One client for the process with at most 20 connections, of which 10 are kept alive: the others, for calls that find
 * these 10 in use, are closed after each call. Calls beyond the 20th wait in the order of their coming.
 */
class PooledToolHost implements ToolHost {
  readonly #config: HostConfig
  readonly #kept: Pool
  readonly #passing: Pool
  readonly #places = boundedAdmission({ permits: mostConnections, waitingTurns: Number.POSITIVE_INFINITY })
  #inKept = 0
  #callsInFlight = 0
  #connectionsMade = 0

  constructor(config: HostConfig) {
    this.#config = config
    const keepAlive = { keepAliveTimeout: keepAliveMs, keepAliveMaxTimeout: keepAliveMs }
    this.#kept = this.#pool({ connections: mostKeptAlive, pipelining: 1, ...keepAlive })
    // Without pipelining, not even of one request, undici asks for the connection to be closed.
    this.#passing = this.#pool({ connections: mostConnections - mostKeptAlive, pipelining: 0 })
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  async ask(request: HostRequest, signal: AbortSignal): Promise<string> {
    this.#callsInFlight += 1
    try {
      await this.#places.admit(signal)
      try {
        return await this.#askAdmitted(request, signal)
      } finally {
        this.#places.release()
      }
    } finally {
      this.#callsInFlight -= 1
    }
  }

  async close(): Promise<void> {
    this.#places.close()
    await Promise.all([this.#kept.destroy(), this.#passing.destroy()])
  }

  async #askAdmitted(request: HostRequest, signal: AbortSignal): Promise<string> {
    if (this.#inKept >= mostKeptAlive) return askOver(this.#passing, this.#config, request, signal)
    this.#inKept += 1
    try {
      return await askOver(this.#kept, this.#config, request, signal)
    } finally {
      this.#inKept -= 1
    }
  }

  #pool(options: Pool.Options): Pool {
    const { toolsUrl, authority } = this.#config
    const pool = new Pool(toolsUrl.origin, { ...options, connect: { ca: authority } })
    pool.on('connect', () => {
      this.#connectionsMade += 1
    })
    return pool
  }
}

export const pooledToolHost = (config: HostConfig): ToolHost => new PooledToolHost(config)
