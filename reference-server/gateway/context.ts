import type { Bus } from '../bus/port.ts'
import type { RedisConnection } from '../bus/redis-connection.ts'
import type { Store } from '../store/port.ts'
import type { GatewayConfig } from './config.ts'

/** Which of the gateway's workers this is. */
export interface WorkerIdentity {
  /** From 0. */
  index: number
  /** How many there are. */
  count: number
}

/** What every part is made from. */
export interface Context {
  config: GatewayConfig
  worker: WorkerIdentity
  /** Messages to the other workers. */
  bus: Bus
  /** For what workers and gateways share through Redis; undefined where there is none. */
  redis: RedisConnection | undefined
  store: Store
}
