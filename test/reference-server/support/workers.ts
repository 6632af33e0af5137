import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { inProcessBus } from '../../../reference-server/bus/in-process.ts'
import { redisBus } from '../../../reference-server/bus/redis.ts'
import { RedisConnection } from '../../../reference-server/bus/redis-connection.ts'
import type { Context } from '../../../reference-server/gateway/context.ts'

/** What one worker has to reach the others with. */
export type TestWorker = Pick<Context, 'worker' | 'bus' | 'redis'>

const makeWorkers = (count: number, redisUrl: string | undefined): TestWorker[] => {
  const name = randomUUID()
  return Array.from({ length: count }, (_, index) => {
    const worker = { index, count }
    if (!redisUrl) return { worker, bus: inProcessBus(worker, name), redis: undefined }
    const redis = new RedisConnection(new URL(redisUrl))
    return { worker, bus: redisBus(redis), redis }
  })
}

/** The workers of one gateway, all in this thread, with their buses open. */
export const openWorkers = async (t: TestContext, count: number, redisUrl?: string): Promise<TestWorker[]> => {
  const workers = makeWorkers(count, redisUrl)
  // What a bus waits for keeps no process alive; a gateway's server does.
  const alive = setInterval(() => {}, 60_000)
  t.after(async () => {
    clearInterval(alive)
    for (const { bus } of workers) await bus.close()
  })
  for (const { bus } of workers) await bus.open()
  return workers
}
