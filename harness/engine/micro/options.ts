import { UserError, unknownName } from '../../errors.ts'
import type { Pace } from './sampling.ts'

/** What a scenario may say in its `options`. */
export interface MicroOptions extends Pace {
  /** Threads that do the task at once. */
  threads: number
  /** A task that is not measured by then is stopped. */
  deadlineSeconds: number
}

const mostThreads = 64
const limits: Record<keyof MicroOptions, readonly [least: number, most: number]> = {
  threads: [1, mostThreads],
  seconds: [0.01, 600],
  warmupSeconds: [0, 60],
  deadlineSeconds: [0.1, 3600],
}

/** Slow operations have samples all the same, and set-up takes its time. */
const deadlineFor = (seconds: number): number => 20 + 10 * seconds

/** @throws UserError that names the key and what was expected */
export function readOptions(written: Readonly<Record<string, unknown>>): MicroOptions {
  for (const key of Object.keys(written))
    if (!Object.hasOwn(limits, key)) throw unknownName('option of engine "micro":', key, Object.keys(limits))
  const seconds = numberIn(written, 'seconds', 2)
  const threads = numberIn(written, 'threads', 1)
  if (!Number.isInteger(threads))
    throw new UserError(`option "threads" of engine "micro": expected a whole number, found ${threads}`)
  return {
    seconds,
    threads,
    warmupSeconds: numberIn(written, 'warmupSeconds', 0.25),
    deadlineSeconds: numberIn(written, 'deadlineSeconds', deadlineFor(seconds)),
  }
}

function numberIn(written: Readonly<Record<string, unknown>>, key: keyof MicroOptions, usual: number): number {
  const value = written[key] ?? usual
  const [least, most] = limits[key]
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new UserError(
    `option "${key}" of engine "micro": expected a number from ${least} to ${most}, found ${JSON.stringify(value)}`,
  )
}
