/** A thread of a work pool: does what it is sent, one order after the other. */
import { workerData } from 'node:worker_threads'
import { ToolFailure } from '../tools/failure.ts'
import { loadAllWork, workCode } from './code.ts'
import type { ThreadData, WorkOrder, WorkOutcome } from './work.ts'

if ((workerData as ThreadData).loadAll) await loadAllWork()

export default async ({ name, args }: WorkOrder): Promise<WorkOutcome> => {
  const work = await workCode[name]()
  try {
    return { text: work(args as never) }
  } catch (error) {
    if (error instanceof ToolFailure) return { failure: error.message }
    throw error
  }
}
