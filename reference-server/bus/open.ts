import type { GatewayConfig } from '../gateway/config.ts'
import type { WorkerIdentity } from '../gateway/context.ts'
import { inProcessBus } from './in-process.ts'
import type { Bus } from './port.ts'
import type { RedisConnection } from './redis-connection.ts'

/** How a worker reaches the others. */
export interface Links {
  bus: Bus
  /** The connection for commands, where there is Redis; the bus opens and closes it. */
  redis: RedisConnection | undefined
}

/** Chooses by the configuration; nothing is connected before the bus is opened. */
export const chooseLinks = async (
  { redisUrl }: Pick<GatewayConfig, 'redisUrl'>,
  worker: WorkerIdentity,
): Promise<Links> => {
  if (!redisUrl) return { bus: inProcessBus(worker), redis: undefined }
  // A gateway without Redis need not spend its start on loading `ioredis`.
  const [{ redisBus }, { RedisConnection }] = await Promise.all([import('./redis.ts'), import('./redis-connection.ts')])
  const redis = new RedisConnection(redisUrl)
  return { bus: redisBus(redis), redis }
}

/** The line for start-up that says what falls back without Redis, and what is then not right; undefined with Redis. */
export const fallbackNotice = (
  { redisUrl, rateLimit }: Pick<GatewayConfig, 'redisUrl' | 'rateLimit'>,
  workers: number,
): string | undefined => {
  if (redisUrl) return undefined
  const limited = workers === 1 ? 'by this process' : `by each of the ${workers} workers`
  const excess =
    workers === 1 ? 'with several gateways an app gets its limit from each' : 'an app gets its limit from each'
  const limit = rateLimit === 0 ? '' : `; turns are limited ${limited} on its own (${excess})`
  return (
    'without Redis (REDIS_URL is not set) messages and tool results stay within this process' +
    ` (with several gateways a tool result must be sent to the one that asked for it)${limit}`
  )
}
