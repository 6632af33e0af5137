import type { Pool } from 'undici'
import { boundedAdmission } from '../admission/bounded.ts'
import { closedAfterUse, keptAlive } from '../upstream/connections.ts'
import { askOver, type HostConfig } from './ask.ts'
import type { HostRequest, ToolHost } from './port.ts'

const mostConnections = 20
const mostKeptAlive = 10

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
    const { toolsUrl, authority } = config
    this.#config = config
    this.#kept = keptAlive(toolsUrl, authority, mostKeptAlive)
    this.#passing = closedAfterUse(toolsUrl, authority, mostConnections - mostKeptAlive)
    for (const pool of [this.#kept, this.#passing])
      pool.on('connect', () => {
        this.#connectionsMade += 1
      })
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
}

export const pooledToolHost = (config: HostConfig): ToolHost => new PooledToolHost(config)
