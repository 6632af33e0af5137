import { pathToFileURL } from 'node:url'
import type { Transferable } from 'node:worker_threads'
import { messageOf, UserError, unknownName } from '../../errors.ts'
import { placeIn } from './place.ts'

/**
 * What a suite is: a file that exports `tasks`, operations by name. It imports nothing of weir.
 *
 *     export const tasks = {
 *       'map look-up': { open: () => ({ operation: (at) => map.get(keys[at & 63]) }) },
 *     }
 */
export interface Suite {
  tasks: Readonly<Record<string, Task>>
}

export interface Task {
  /** Numbers of threads that it can be done by at once; just 1 unless given. */
  threads?: readonly number[]
  /** Makes what all threads of a trial have in common, such as shared memory: once, before any is opened. */
  share?(setting: ShareSetting): unknown
  /**
   * What a thread is handed of it: `value` as `postMessage` copies it, and what of that is moved (ports). Just what `share` gave
   * unless given.
   */
  hand?(shared: unknown, thread: number): Handed
  /** Sets up, in each thread that is going to do the operation; may take its time. */
  open(setting: OpenSetting): OpenTask | Promise<OpenTask>
}

export interface Handed {
  value: unknown
  moved: readonly Transferable[]
}

export interface ShareSetting {
  threads: number
  /** What the scenario says in its `env`. */
  env: Readonly<Record<string, string>>
}

export interface OpenSetting extends ShareSetting {
  /** Number of this thread, from 0. */
  thread: number
  /** What this thread was handed of what `share` gave. */
  shared: unknown
}

export interface OpenTask {
  /**
   * What is measured.
   * @param at number of the operation, from 0: to choose by, so that no two operations are alike
   * @returns something that depends on the work: it is used, so that the optimiser must do the work
   */
  operation(at: number): number | Promise<number>
  /** What one call stands for: the numbers are those of one of so many; 1 unless given. */
  operationsPerCall?: number
  /** Tears down. */
  close?(): unknown
}

/**
 * Reads a suite.
 * @throws UserError where it throws, or exports no tasks
 */
export async function readSuite(file: string): Promise<Suite> {
  const { tasks } = await importSuite(file)
  if (typeof tasks !== 'object' || tasks === null || Object.keys(tasks).length === 0)
    throw new UserError(
      `${file} exports no tasks. Expected: export const tasks = { NAME: { open: () => ({ operation }) } }`,
    )
  for (const [name, task] of Object.entries(tasks))
    if (typeof (task as Partial<Task> | null)?.open !== 'function')
      throw new UserError(`${file}: task "${name}" has no function open(). Expected: { open: () => ({ operation }) }`)
  return { tasks: tasks as Suite['tasks'] }
}

async function importSuite(file: string): Promise<{ tasks?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { tasks?: unknown }
  } catch (error) {
    throw new UserError(`${file} could not be loaded: ${messageOf(error)}${placeIn(error)}`)
  }
}

/** What `open()` gave. @throws UserError unless it can be measured */
export function checkedOpen(opened: unknown, file: string, task: string): OpenTask {
  const { operation, operationsPerCall = 1 } = (opened ?? {}) as Partial<OpenTask>
  if (typeof operation !== 'function')
    throw new UserError(`${file}: task "${task}": open() gives no function operation(). Expected: { operation }`)
  if (!Number.isInteger(operationsPerCall) || operationsPerCall < 1)
    throw new UserError(
      `${file}: task "${task}": operationsPerCall is ${String(operationsPerCall)}: expected a whole number from 1 on`,
    )
  return opened as OpenTask
}

/** @throws UserError for a task that is not there, or that so many threads cannot do */
export function taskIn({ tasks }: Suite, file: string, name: string, threads: number): Task {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
  if (!task) throw unknownName(`${file}: task`, name, Object.keys(tasks))
  const { threads: possible = [1] } = task
  if (possible.includes(threads)) return task
  throw new UserError(`${file}: task "${name}" is not for ${threads} threads, only for ${possible.join(', ')}`)
}
