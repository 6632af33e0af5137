/**
 * What a generator process does: own heap, own descriptors, so that neither the orchestrator nor the target pays for the
 * load. It runs one part of a load test, does what its parent calls for over the channel between them, and ends with it.
 */

import { Worker } from 'node:worker_threads'
import { messageOf, UserError } from '../../../errors.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { MissedCall } from '../k6/missed-calls.ts'
import { LoadTest, type ScriptJob } from '../load-test/load-test.ts'
import type { PartEvents, PreparedTest, Second, TestPart, TestPlan } from '../load-test/part.ts'
import { closeBundler } from '../script/load.ts'
import { Interrupted } from '../users/interrupted.ts'
import { Heartbeat } from './heartbeat.ts'
import { watchChannel } from './spin.ts'
import { warmEngine } from './warm-engine.ts'
import type { WatchOrder } from './watch-thread.ts'

export interface GeneratorJob {
  main: ScriptJob
  /** A load that goes before; its samples are thrown away. */
  warmup?: ScriptJob
}

export type TestName = keyof GeneratorJob
export type PartMethod = Exclude<keyof TestPart, 'stop' | 'countUsers'>

/** Parent to generator. */
export type Order =
  | { type: 'prepare'; id: number; job: GeneratorJob }
  | { type: 'warm'; id: number }
  | { type: 'call'; id: number; test: TestName; method: PartMethod; given: unknown[] }
  | { type: 'stop'; test: TestName; exitCode: number; reason: string }
  | { type: 'users'; test: TestName; active: number; initialized: number }

/** What a prepared generator has to say of its tests. */
export interface Plans {
  main: TestPlan
  warmup?: TestPlan
}

/** Generator to parent. */
export type Report =
  | { type: 'alive' }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'failure'; id: number; message: string; exitCode: number; isUserError: boolean }
  | { type: 'log'; test: TestName; level: string; message: string; source?: 'console' }
  | { type: 'print'; test: TestName; text: string }
  | { type: 'second'; test: TestName; second: Second }
  | { type: 'stopping'; test: TestName; exitCode: number; reason: string }

/** Reads what is to be run; @throws UserError for what cannot be */
type Prepare = (job: ScriptJob, events: PartEvents) => Promise<PreparedTest>

const tests: Partial<Record<TestName, PreparedTest>> = {}
let running: TestName = 'main'

const longestSilenceMs = Number(process.argv[2])
const heartbeat = new Heartbeat()

// A script that computes without a pause hears no order and would outlive its parent: another thread looks after that.
const watch: WatchOrder = { heartbeat: heartbeat.shared, longestSilenceMs, channel: watchChannel }
const watchThread = new Worker(new URL('./watch-thread.ts', import.meta.url), { workerData: watch })
watchThread.unref()

const tell = (report: Report): void => {
  process.send?.(report)
}

const eventsOf = (test: TestName): PartEvents => ({
  log: (level, message, source) => tell({ type: 'log', test, level, message, ...(source ? { source } : {}) }),
  print: (text) => tell({ type: 'print', test, text }),
  second: (second) => tell({ type: 'second', test, second }),
  stopping: (exitCode, reason) => tell({ type: 'stopping', test, exitCode, reason }),
  compiled: (script) => watchThread.postMessage(script),
})

/** What goes before a load is a k6 script, whatever makes the load itself. */
async function prepare({ main, warmup }: GeneratorJob, prepareMain: Prepare): Promise<Plans> {
  tests.main = await prepareMain(main, eventsOf('main'))
  if (warmup) tests.warmup = await LoadTest.prepare(warmup, eventsOf('warmup'))
  // The bundler is a process beside this one: it goes before anything is measured.
  await closeBundler()
  return { main: tests.main.plan(), ...(tests.warmup ? { warmup: tests.warmup.plan() } : {}) }
}

function obey(order: Order, prepareMain: Prepare): void {
  switch (order.type) {
    case 'prepare':
      answer(order.id, () => prepare(order.job, prepareMain))
      break
    case 'warm':
      // The bundler is a process beside this one: it goes before anything is measured.
      answer(order.id, () => warmEngine().finally(closeBundler))
      break
    case 'call':
      running = order.test
      answer(order.id, () => call(order.test, order.method, order.given))
      break
    case 'stop':
      tests[order.test]?.stop(order.exitCode, order.reason)
      break
    case 'users':
      tests[order.test]?.countUsers(order.active, order.initialized)
  }
}

async function call(test: TestName, method: PartMethod, given: unknown[]): Promise<unknown> {
  const part = tests[test]
  if (!part) throw new Error(`there is no test "${test}"`)
  const isLoad = method === 'load' || method === 'slice'
  if (isLoad) heartbeat.isLoading = true
  try {
    return await (part[method] as (...given: unknown[]) => Promise<unknown>).apply(part, given)
  } finally {
    if (isLoad) heartbeat.isLoading = false
  }
}

function answer(id: number, work: () => Promise<unknown>): void {
  Promise.resolve()
    .then(work)
    .then((value) => tell({ type: 'answer', id, value }))
    .catch((error: unknown) => tell({ type: 'failure', id, ...describe(error) }))
}

function describe(error: unknown): { message: string; exitCode: number; isUserError: boolean } {
  if (error instanceof UserError) return { message: error.message, exitCode: error.exitCode, isUserError: true }
  const message = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
  return { message, exitCode: exitCodes.scriptException, isUserError: false }
}

/** Serves the parent of this process until it goes. @param prepareMain what kind of load this generator makes */
export function serveLoads(prepareMain: Prepare): void {
  process.on('message', (order: Order) => obey(order, prepareMain))

  // A promise of the script that failed and that nobody waited for: said, as in k6, and no reason to end the load.
  process.on('unhandledRejection', (error) => {
    if (error instanceof Interrupted || error instanceof MissedCall) return
    const test = tests[running]
    if (!test) throw error
    eventsOf(running).log('error', `Uncaught (in promise) ${test.describeError(error)}`)
  })

  // For the watch thread and for the parent: the event loop turns.
  setInterval(() => {
    heartbeat.beat()
    tell({ type: 'alive' })
  }, longestSilenceMs / 5).unref()

  // Without a parent there is no reason to go on.
  process.on('disconnect', () => process.exit(1))
}
