/** Entry point of the process that a task has to itself: does what its parent orders, once, and tells what came of it. */
import { type Transferable, Worker } from 'node:worker_threads'
import { messageOf, UserError } from '../../errors.ts'
import { barrierMemory } from './barrier.ts'
import { whatWasThrown } from './place.ts'
import type { Pace } from './sampling.ts'
import { readSuite, taskIn } from './suite.ts'
import type { Measured, ThreadOrder, ThreadReport } from './thread.ts'

export interface TaskOrder {
  file: string
  task: string
  threads: number
  env: Record<string, string>
  pace: Pace
}

export type ProcessReport = { measured: Measured[] } | { failure: string; isOurs: boolean }

/** All threads of a task, one after the other ready, and then at once. */
async function measure(order: TaskOrder): Promise<Measured[]> {
  const { file, threads, env } = order
  const task = taskIn(await readSuite(file), file, order.task, threads)
  const shared = await ofSuite(order, () => task.share?.({ threads, env }))
  const barrier = barrierMemory()
  const numbers = Array.from({ length: threads }, (_, thread) => thread)
  const handed = await ofSuite(order, () =>
    numbers.map((thread) => task.hand?.(shared, thread) ?? { value: shared, moved: [] }),
  )
  return await Promise.all(
    numbers.map((thread) =>
      inThread({ ...order, thread, barrier, shared: handed[thread]!.value }, handed[thread]!.moved),
    ),
  )
}

/** What the suite itself does; what it throws is the suite's fault. */
async function ofSuite<T>({ file, task }: TaskOrder, does: () => T | Promise<T>): Promise<T> {
  try {
    return await does()
  } catch (error) {
    throw new UserError(whatWasThrown(file, task, error))
  }
}

function inThread(order: ThreadOrder, moved: readonly Transferable[]): Promise<Measured> {
  const { promise, resolve, reject } = Promise.withResolvers<Measured>()
  let worker: Worker
  try {
    worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: order, transferList: [...moved] })
  } catch (error) {
    // What is shared cannot be cloned, or moved.
    throw new UserError(whatWasThrown(order.file, order.task, error))
  }
  worker.once('message', (report: ThreadReport) =>
    'failure' in report ? reject(new UserError(report.failure)) : resolve(report.measured),
  )
  // Outside of any operation: in a timer or a listener of its own.
  worker.once('error', (error) => reject(new UserError(whatWasThrown(order.file, order.task, error))))
  worker.once('exit', (code) =>
    reject(
      new UserError(`${order.file}: task "${order.task}" ended its thread (exit code ${code}) before it was measured`),
    ),
  )
  return promise
}

const isOurs = (error: unknown): boolean => !(error instanceof UserError)

/** Who ordered is gone, or has heard: threads may still be busy, and nobody waits for them. */
const end = (): never => process.exit()

process.once('disconnect', end)
process.once('message', async (order: TaskOrder) => {
  const report = await measure(order).then(
    (measured): ProcessReport => ({ measured }),
    (error): ProcessReport => ({ failure: messageOf(error), isOurs: isOurs(error) }),
  )
  process.send!(report, end)
})
