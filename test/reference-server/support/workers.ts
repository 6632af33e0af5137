import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { inProcessBus } from '../../../reference-server/bus/in-process.ts'
import type { Bus } from '../../../reference-server/bus/port.ts'
import type { WorkerIdentity } from '../../../reference-server/gateway/context.ts'

/** What one worker of a gateway has to talk to the others with. */
export interface TestWorker {
  worker: WorkerIdentity
  bus: Bus
}

/** The workers of one gateway, in one thread, with their buses open. */
export const openWorkers = async (t: TestContext, count: number): Promise<TestWorker[]> => {
  const name = randomUUID()
  const workers = Array.from({ length: count }, (_, index): TestWorker => {
    const worker = { index, count }
    return { worker, bus: inProcessBus(worker, name) }
  })
  // What a bus waits for keeps no process alive; a gateway's server does.
  const alive = setInterval(() => {}, 60_000)
  t.after(async () => {
    clearInterval(alive)
    for (const { bus } of workers) await bus.close()
  })
  for (const { bus } of workers) await bus.open()
  return workers
}
