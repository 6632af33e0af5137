import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { ToolFailure } from '../tools/failure.ts'
import type { ThreadData, WorkOrder, WorkOutcome } from './work.ts'

const filename = fileURLToPath(new URL(`./thread${extname(import.meta.url)}`, import.meta.url))
const mostMs = 30_000
/** A thread that wants more ends, and not the gateway with it. */
const resourceLimits = { maxOldGenerationSizeMb: 128 }

export const startThreads = (count: number, workerData: ThreadData): Piscina =>
  // Without `atomics: 'disabled'` an idle thread sleeps inside Atomics.wait, and its event loop can answer nothing else.
  new Piscina({
    ...{ filename, workerData, resourceLimits, atomics: 'disabled' },
    ...{ minThreads: count, maxThreads: count },
  })

/**
 * Has an order done, for a signal that is not aborted yet. When it aborts, or the deadline passes, the thread that is at
 * the order is stopped.
 */
export const runIn = async (threads: Piscina, order: WorkOrder, signal: AbortSignal): Promise<string> => {
  const stop = new AbortController()
  const late = new ToolFailure(`this takes longer than ${mostMs / 1_000} s; ask for less`)
  const timer = setTimeout(() => stop.abort(late), mostMs)
  const onAbort = (): void => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    return textOf((await threads.run(order, { signal: stop.signal })) as WorkOutcome)
  } catch (error) {
    stop.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

const textOf = (outcome: WorkOutcome): string => {
  if ('failure' in outcome) throw new ToolFailure(outcome.failure)
  return outcome.text
}
