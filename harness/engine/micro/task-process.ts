import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf, UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { LoadJob } from '../port.ts'
import type { ProcessReport, TaskOrder } from './process.ts'
import type { Measured } from './thread.ts'

/** None of them outlives this process, however it ends. */
const alive = new Set<ChildProcess>()
const killAll = (): void => {
  for (const child of alive) child.kill('SIGKILL')
}

/** Without the compiler in the middle, in which short loops get stuck now and then, they all end in the optimising one. */
const steadyFlags = ['--no-maglev']

/** A fifth of a short measurement would go into compiling what the process before had compiled: Node's own cache keeps it. */
const cacheFolder = (): string => process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'node-compile-cache')

/** Where a task's process runs, and where what it prints goes. */
export type Place = Pick<LoadJob, 'cpus' | 'logFile'>

/**
 * Measures a task in a fresh process. Nothing of it is left when this resolves or rejects.
 *
 * @returns what each thread measured
 * @throws UserError for what is wrong with suite or task, and where the deadline passes
 */
export async function measureInProcess(
  order: TaskOrder,
  place: Place,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Measured[]> {
  signal.throwIfAborted()
  const child = start(place)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => child.pid === undefined && resolve())
  })
  try {
    return await answerOf(child, order, deadlineMs, signal)
  } finally {
    child.kill('SIGKILL')
    await gone
    alive.delete(child)
  }
}

function start({ cpus, logFile }: Place): ChildProcess {
  const flags = ['--expose-gc', ...steadyFlags]
  const pinned = cpus === null ? {} : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath, ...flags] }
  if (process.listenerCount('exit', killAll) === 0) process.on('exit', killAll)
  const child = fork(fileURLToPath(import.meta.resolve('./process.ts')), [], {
    execArgv: flags,
    ...pinned,
    serialization: 'advanced',
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder() },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C is for the parent, which ends it.
    detached: true,
  })
  alive.add(child)
  keepOutput(child, logFile)
  return child
}

function keepOutput(child: ChildProcess, logFile: string | undefined): void {
  const file = logFile === undefined ? null : createWriteStream(logFile, { flags: 'a' })
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => file?.write(bytes))
  child.once('close', () => file?.end())
}

function answerOf(child: ChildProcess, order: TaskOrder, deadlineMs: number, signal: AbortSignal): Promise<Measured[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Measured[]>()
  const title = `${order.file}: task "${order.task}"`
  const timeout = setTimeout(
    () => reject(new UserError(`${title} did not come to an end within ${deadlineMs / 1000} s, and was stopped`)),
    deadlineMs,
  )
  const stop = (): void => reject(new UserError('interrupted before the task was measured', exitCodes.interrupted))
  signal.addEventListener('abort', stop)
  child.once('error', (error) => reject(new Error(`the process of a task could not be used: ${messageOf(error)}`)))
  child.once('exit', (code, by) => reject(new UserError(`${title} ended its process (${by ?? `exit code ${code}`})`)))
  child.once('message', (report: ProcessReport) => {
    if ('measured' in report) resolve(report.measured)
    else reject(report.isOurs ? new Error(`the micro engine failed: ${report.failure}`) : new UserError(report.failure))
  })
  child.send(order)
  return promise.finally(() => {
    clearTimeout(timeout)
    signal.removeEventListener('abort', stop)
  })
}
