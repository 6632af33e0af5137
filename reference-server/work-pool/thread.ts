/** A thread of a work pool: does what it is sent, one order after the other. */
import { workerData } from 'node:worker_threads'
import { ToolFailure } from '../tools/failure.ts'
import type { ThreadData, WorkName, WorkOrder, WorkOutcome } from './work.ts'

const table: Record<WorkName, () => Promise<(args: never) => string>> = {
  'check-json': async () => (await import('../tools/blocking/check-json.ts')).checkJson,
  compress: async () => (await import('../tools/blocking/compress.ts')).compress,
  digest: async () => (await import('../tools/blocking/digest.ts')).digest,
  outline: async () => (await import('../tools/blocking/outline.ts')).outline,
}

if ((workerData as ThreadData).loadAll) await Promise.all(Object.values(table).map((load) => load()))

export default async ({ name, args }: WorkOrder): Promise<WorkOutcome> => {
  const work = await table[name]()
  try {
    return { text: work(args as never) }
  } catch (error) {
    if (error instanceof ToolFailure) return { failure: error.message }
    throw error
  }
}
