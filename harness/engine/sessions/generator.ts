/**
 * The generator process: own heap, own descriptors, so that neither the orchestrator nor the target pays for the
 * load. It is told what to run over the channel to its parent and ends with it.
 */

import { Worker } from 'node:worker_threads'
import { messageOf, UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Phase } from '../../record/schema.ts'
import type { LoadProgress, LoadResult, ScenarioFacts } from '../port.ts'
import { Heartbeat } from './heartbeat.ts'
import { Interrupted } from './interrupted.ts'
import { LoadTest, type ScriptJob, type TestHooks } from './load-test.ts'
import { closeBundler, type RunnableCode } from './script/load.ts'
import { watchChannel } from './spin.ts'
import type { WatchOrder } from './watch-thread.ts'

export interface GeneratorJob {
  main: ScriptJob
  warmup?: ScriptJob
}

/** Parent to generator. */
export type Order =
  | { type: 'inspect'; job: GeneratorJob }
  | { type: 'run'; job: GeneratorJob }
  | { type: 'go' }
  | { type: 'stop'; exitCode: number; reason: string }

/** Generator to parent. */
export type Report =
  | { type: 'facts'; facts: ScenarioFacts }
  | { type: 'alive' }
  | { type: 'ready'; phases: Phase[] }
  | { type: 'started'; startMs: number; phases: Phase[] }
  | { type: 'progress'; progress: LoadProgress }
  | { type: 'log'; level: string; message: string }
  | { type: 'print'; text: string }
  | { type: 'result'; result: LoadResult }
  | { type: 'error'; message: string; exitCode: number; isUserError: boolean }

let running: LoadTest | null = null
let stopOrder: { exitCode: number; reason: string } | null = null
let go: (() => void) | null = null

const longestSilenceMs = Number(process.argv[2])
const heartbeat = new Heartbeat()

// A script that computes without a pause hears no order and would outlive its parent: another thread looks after that.
const watch: WatchOrder = {
  heartbeat: heartbeat.shared,
  longestSilenceMs,
  channel: watchChannel,
}
const watchThread = new Worker(new URL('./watch-thread.ts', import.meta.url), { workerData: watch })
watchThread.unref()

/** What the watch thread needs to know of a test. */
const watched: Pick<TestHooks, 'compiled' | 'loaded'> = {
  compiled: (script: RunnableCode) => watchThread.postMessage(script),
  loaded: () => {
    heartbeat.isLoading = false
  },
}

const tell = (report: Report): void => {
  process.send?.(report)
}

const log = (level: string, message: string): void => tell({ type: 'log', level, message })

async function inspect({ main, warmup }: GeneratorJob): Promise<void> {
  if (warmup) await LoadTest.prepare(warmup, { log: () => {}, ...watched })
  const test = await LoadTest.prepare(main, { log: () => {}, ...watched })
  tell({ type: 'facts', facts: test.facts() })
}

async function run({ main, warmup }: GeneratorJob): Promise<void> {
  const test = await LoadTest.prepare(main, {
    log,
    ...watched,
    print: (text) => tell({ type: 'print', text }),
    beforeStart: (phases) => waitForGo(phases),
    started: (startMs, phases) => {
      heartbeat.isLoading = true
      tell({ type: 'started', startMs, phases })
    },
    progress: (progress) => tell({ type: 'progress', progress }),
  })
  const before = warmup && (await LoadTest.prepare(warmup, { log: logWarmUp, ...watched, started: warmingUp }))
  // The bundler is a process beside this one: it goes before anything is measured.
  await closeBundler()
  if (before) await runToEnd(before)
  running = test
  if (stopOrder) test.stop(stopOrder.exitCode as 105, stopOrder.reason)
  tell({ type: 'result', result: await test.run() })
}

const warmingUp = (): void => {
  heartbeat.isLoading = true
}
const logWarmUp = (level: string, message: string): void => log(level, `warm-up: ${message}`)

/** The same load before every measurement; its samples are thrown away. */
async function runToEnd(before: LoadTest): Promise<void> {
  running = before
  if (!stopOrder) await before.run()
}

function waitForGo(phases: Phase[]): Promise<void> {
  return new Promise((resolve) => {
    go = resolve
    tell({ type: 'ready', phases })
  })
}

function obey(order: Order): Promise<void> | void {
  switch (order.type) {
    case 'inspect':
      return inspect(order.job)
    case 'run':
      return run(order.job)
    case 'go':
      go?.()
      return
    case 'stop':
      stopOrder = order
      go?.()
      running?.stop(order.exitCode as 105, order.reason)
  }
}

process.on('message', (order: Order) => {
  Promise.resolve()
    .then(() => obey(order))
    .catch((error: unknown) => {
      const exitCode = error instanceof UserError ? error.exitCode : exitCodes.scriptException
      const message =
        error instanceof UserError
          ? error.message
          : error instanceof Error
            ? (error.stack ?? error.message)
            : messageOf(error)
      tell({ type: 'error', message, exitCode, isUserError: error instanceof UserError })
    })
})

// A promise of the script that failed and that nobody waited for: said, as in k6, and no reason to end the load.
process.on('unhandledRejection', (error) => {
  if (error instanceof Interrupted) return
  if (running === null) throw error
  log('error', `Uncaught (in promise) ${running.describeError(error)}`)
})

// For the watch thread and for the parent: the event loop turns.
setInterval(() => {
  heartbeat.beat()
  tell({ type: 'alive' })
}, longestSilenceMs / 5).unref()

// Without a parent there is no reason to go on.
process.on('disconnect', () => process.exit(1))
