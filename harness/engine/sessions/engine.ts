import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Engine, LoadEvents, LoadJob, LoadResult, ScenarioFacts } from '../port.ts'
import type { GeneratorJob, Order, Report } from './generator.ts'

/** Runs k6 scripts, thousands of users in one generator process. */
export const sessionsEngine: Engine = {
  name: 'sessions',

  inspect(job) {
    const generator = new Generator(job)
    return new Promise<ScenarioFacts>((resolve, reject) => {
      generator.listen((report) => {
        if (report.type === 'facts') resolve(report.facts)
      }, reject)
      generator.order({ type: 'inspect', job: toGeneratorJob(job) })
    }).finally(() => generator.end())
  },

  run(job, events, signal) {
    const generator = new Generator(job)
    const stop = (): void =>
      generator.order({ type: 'stop', exitCode: exitCodes.interrupted, reason: 'stopped by a signal' })
    signal.addEventListener('abort', stop)
    return new Promise<LoadResult>((resolve, reject) => {
      generator.listen((report) => void hear(report, generator, events, resolve), reject)
      generator.order({ type: 'run', job: toGeneratorJob(job) })
      if (signal.aborted) stop()
    }).finally(() => {
      signal.removeEventListener('abort', stop)
      return generator.end()
    })
  },
}

async function hear(
  report: Report,
  generator: Generator,
  events: LoadEvents,
  resolve: (result: LoadResult) => void,
): Promise<void> {
  switch (report.type) {
    case 'ready':
      await events.ready?.(report.phases, generator.pid)
      generator.order({ type: 'go' })
      break
    case 'started':
      events.started?.(report.startMs, report.phases)
      break
    case 'progress':
      events.progress?.(report.progress)
      break
    case 'log':
      events.log?.(report.level, report.message)
      break
    case 'result':
      resolve(report.result)
  }
}

const toGeneratorJob = ({ script, env, options, warmup }: LoadJob): GeneratorJob => ({
  main: { script, env, options },
  ...(warmup ? { warmup } : {}),
})

/** A larger nursery: thousands of short-lived objects a millisecond should not be moved to the old generation. */
const nodeFlags = ['--max-semi-space-size=32']

/** The child process and the channel to it. */
class Generator {
  private readonly child: ChildProcess
  private readonly gone: Promise<void>
  private tail: string[] = []
  private isEnding = false

  constructor({ cpus, logFile }: LoadJob) {
    const pinned = cpus === null ? {} : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath, ...nodeFlags] }
    this.child = fork(fileURLToPath(import.meta.resolve('./generator.ts')), [], {
      execArgv: nodeFlags,
      ...pinned,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.gone = new Promise((resolve) => this.child.once('exit', () => resolve()))
    this.keepOutput(logFile)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  private keepOutput(logFile: string | undefined): void {
    const file = logFile ? createWriteStream(logFile, { flags: 'a' }) : null
    const keep = (bytes: Buffer): void => {
      file?.write(bytes)
      this.tail = [...this.tail, ...bytes.toString().trimEnd().split('\n')].slice(-20)
    }
    this.child.stdout?.on('data', keep)
    this.child.stderr?.on('data', keep)
    this.child.once('exit', () => file?.end())
  }

  listen(onReport: (report: Report) => void, onFailure: (error: Error) => void): void {
    this.child.on('message', (report: Report) => {
      if (report.type !== 'error') onReport(report)
      else if (report.isUserError) onFailure(new UserError(report.message, report.exitCode as ExitCode))
      else onFailure(new Error(`the generator failed: ${report.message}`))
    })
    this.child.once('error', onFailure)
    this.child.once('exit', (code, signal) => {
      if (this.isEnding) return
      onFailure(
        new Error(
          [`the generator process ended by itself (${signal ?? `exit code ${code}`})`, ...this.tail].join('\n'),
        ),
      )
    })
  }

  order(order: Order): void {
    if (this.child.connected) this.child.send(order)
  }

  /** Nothing of it is left when this resolves. */
  async end(): Promise<void> {
    this.isEnding = true
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL')
    await this.gone
  }
}
