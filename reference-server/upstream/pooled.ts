import type { Pool } from 'undici'
import type { Answer } from '../delivery/port.ts'
import type { GatewayConfig } from '../gateway/config.ts'
import { type ChatTarget, chatTarget, checkHealth, completeChat } from './chat.ts'
import { keptAlive } from './connections.ts'
import type { ModelCall, Upstream } from './port.ts'

/**
 * One pool per (API key, base URL) for the whole process; connections are kept alive and new ones resume the TLS
 * session of the last. A pool makes as many connections as there are calls at once: the queue is admission's, a second
 * one in here would be invisible.
 */
class PooledUpstream implements Upstream {
  readonly #config: GatewayConfig
  readonly #target: ChatTarget
  readonly #pools = new Map<string, Pool>()
  #callsInFlight = 0
  #connectionsMade = 0

  constructor(config: GatewayConfig) {
    this.#config = config
    this.#target = chatTarget(config.modelUrl, config.modelName, config.upstreamTimeoutMs)
  }

  get callsInFlight(): number {
    return this.#callsInFlight
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  async complete(call: ModelCall): Promise<Answer> {
    this.#callsInFlight += 1
    try {
      return await completeChat(this.#poolOf(call.apiKey), this.#target, call)
    } finally {
      this.#callsInFlight -= 1
    }
  }

  async check(signal: AbortSignal): Promise<void> {
    const [anyone] = this.#config.callers
    await checkHealth(this.#poolOf(anyone?.apiKey ?? ''), this.#target.basePath, signal)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
  }

  /** The base URL is the same for the life of a process, so the key alone tells pools apart. */
  #poolOf(apiKey: string): Pool {
    const present = this.#pools.get(apiKey)
    if (present) return present
    const { modelUrl, authority } = this.#config
    const pool = keptAlive(modelUrl, authority)
    pool.on('connect', () => {
      this.#connectionsMade += 1
    })
    this.#pools.set(apiKey, pool)
    return pool
  }
}

export const pooledUpstream = (config: GatewayConfig): Upstream => new PooledUpstream(config)
