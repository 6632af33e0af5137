/** A thread that does a task: entry point of a worker, which tells its parent what came of it. */
import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../../errors.ts'
import { allocatedPerRound } from './allocation.ts'
import { Barrier } from './barrier.ts'
import { batchesOf } from './batches.ts'
import { whatWasThrown } from './place.ts'
import { type Pace, type Sampled, sample, usedUp } from './sampling.ts'
import { checkedOpen, type OpenTask, readSuite, taskIn } from './suite.ts'

/** What a thread is told. */
export interface ThreadOrder {
  file: string
  task: string
  thread: number
  threads: number
  shared: unknown
  env: Record<string, string>
  pace: Pace
  barrier: SharedArrayBuffer
}

/** What it tells. */
export type ThreadReport = { measured: Measured } | { failure: string }

export interface Measured extends Sampled {
  /** Bytes that an operation allocates on this thread's heap; null: could not be told. */
  bytes: number | null
  /** So that every value of every operation has been of use. */
  used: number
}

async function measure(order: ThreadOrder): Promise<Measured> {
  const { file, threads, thread, shared, env } = order
  const task = taskIn(await readSuite(file), file, order.task, threads)
  const open = checkedOpen(await task.open({ threads, thread, shared, env }), file, order.task)
  try {
    return await measureOpen(open, order)
  } finally {
    await open.close?.()
  }
}

async function measureOpen(open: OpenTask, { pace, barrier, threads }: ThreadOrder): Promise<Measured> {
  const all = new Barrier(barrier, threads)
  const batches = await batchesOf(open)
  const sampled = await sample(batches, pace, threads, () => all.wait())
  all.wait()
  const bytes = await allocatedPerRound(batches.once, sampled.onceNs * batches.operationsARound, 1e9 * pace.seconds)
  // Nobody tears down what others still work on.
  all.wait()
  return { ...sampled, bytes: bytes === null ? null : bytes / batches.operationsARound, used: usedUp() }
}

const report = (told: ThreadReport): void => parentPort!.postMessage(told)
const order = workerData as ThreadOrder
try {
  report({ measured: await measure(order) })
} catch (error) {
  report({ failure: error instanceof UserError ? error.message : whatWasThrown(order.file, order.task, error) })
}
