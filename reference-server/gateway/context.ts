import type { MessagePort } from 'node:worker_threads'
import type { PermitsMemory } from '../admission/shared-permits.ts'
import type { Bus } from '../bus/port.ts'
import type { RedisConnection } from '../bus/redis-connection.ts'
import type { SessionTableMemory } from '../shared-memory/session-table.ts'
import type { Store } from '../store/port.ts'
import type { Peers } from '../workers/peers.ts'
import type { GatewayConfig } from './config.ts'

/** Which of the gateway's workers this is. */
export interface WorkerIdentity {
  /** From 0. */
  index: number
  /** How many there are. */
  count: number
}

/** What the main thread makes for all workers of a gateway, and hands to each when it starts. */
export interface SharedAcrossWorkers {
  /** Tells this gateway from others that use the same Redis. */
  gatewayId: string
  /** The permits of turns in flight: their bound is the gateway's. */
  permits: PermitsMemory
  /** The registry of sessions, where the variant shares memory. */
  sessions: SessionTableMemory | undefined
  /** To the thread that owns the sessions, where the variant asks by message. */
  owner: MessagePort | undefined
  /** To the thread that owns the embedded database; with PostgreSQL every worker has connections of its own. */
  database: MessagePort | undefined
}

/** What the back ends are made from, which parts then share. */
export interface Setting {
  config: GatewayConfig
  worker: WorkerIdentity
  /** The other workers of this process. */
  peers: Peers
  shared: SharedAcrossWorkers | undefined
}

/** What every part is made from. */
export interface Context extends Setting {
  /** Messages to the other workers, and to other gateways. */
  bus: Bus
  /** For what workers and gateways share through Redis; undefined where there is none. */
  redis: RedisConnection | undefined
  store: Store
}
