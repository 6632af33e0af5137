import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../../errors.ts'
import { type ExitCode, exitCodes } from '../../../exit-codes.ts'
import type { LoadJob } from '../../port.ts'
import type { PartEvents, TestPart } from '../load-test/part.ts'
import type { GeneratorJob, Order, PartMethod, Plans, Report, TestName } from './serve-loads.ts'
import { describeSpin, endsLoad, isFatal, watchChannel } from './spin.ts'
import type { Spin } from './watch-thread.ts'

/**
 * The space in which Node makes new objects, MB. What is in use there is copied each time it is full, so it should hold
 * much more than all requests in flight: for ten thousand users the larger one saves two fifths of the generator's
 * CPU; for few it would only be memory that is touched.
 */
export const nurseryMB = { usual: 16, forMany: 64 } as const
export type NurseryMB = (typeof nurseryMB)[keyof typeof nurseryMB]

/** Without a sign of life for so long, a script holds up the event loop of its generator. */
const longestSilenceMs = 5000

/** An order could not be sent, and yet the generator goes on: then something else is wrong. */
const unsentGraceMs = 2000

/** What the watch thread needs to find out where, at the most; after that its answer is not waited for. */
const watchNeedsMs = 5000

/** Signals that nothing in a process sends to itself. */
const fromOutside: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

function outOfMemory(who: string, signal: NodeJS.Signals | null, isHeapFull: boolean): string {
  const what = isHeapFull
    ? `${who} ended with ${signal ?? 'a failure'}: what its script keeps does not fit in the memory that Node gives it`
    : `${who} was killed by ${signal}: most likely the system, or a limit of its container, was out of memory (the kernel's log tells)`
  return `${what}. Run fewer users, keep less in the script (SharedArray, discardResponseBodies), or give it more memory.`
}

interface Call {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** None of them outlives this process, however it ends. */
const alive = new Set<GeneratorProcess>()

function remember(generator: GeneratorProcess): void {
  if (process.listenerCount('exit', killAll) === 0) process.on('exit', killAll)
  alive.add(generator)
}

const killAll = (): void => {
  for (const generator of alive) generator.kill()
}

/** A generator's process as its parent sees it: calls go out, answers and events come in, and in the end nothing of it is left. */
export class GeneratorProcess {
  private readonly child: ChildProcess
  private readonly gone: Promise<void>
  private readonly timers: NodeJS.Timeout[] = []
  private tail: string[] = []
  private isEnding = false
  private lastHeardMs = performance.now()
  private readonly longestSilenceMs: number
  /** The last that the watch thread told. */
  private spin: Spin | null = null
  private isStopping = false
  private readonly calls = new Map<number, Call>()
  private events: Partial<Record<TestName, PartEvents>> = {}
  private lastCall = 0
  private failure: Error | null = null
  private readonly number: number

  /** @param program what it runs @param number 1 for the first generator of the load; messages name it by that */
  constructor(
    program: URL,
    { cpus, logFile, spinLimitMs }: Pick<LoadJob, 'cpus' | 'logFile' | 'spinLimitMs'>,
    nursery: NurseryMB,
    number: number,
  ) {
    this.number = number
    const nodeFlags = [`--max-semi-space-size=${nursery}`]
    this.longestSilenceMs = spinLimitMs ?? longestSilenceMs
    const pinned = cpus === null ? {} : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath, ...nodeFlags] }
    this.child = fork(fileURLToPath(program), [String(this.longestSilenceMs)], {
      execArgv: nodeFlags,
      ...pinned,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      // A group of its own: Ctrl-C is for the parent, which tells the generator what it means.
      detached: true,
    })
    this.gone = new Promise((resolve) => {
      this.child.once('exit', () => resolve())
      // What could not be started does not exit.
      this.child.once('error', () => this.child.pid === undefined && resolve())
    })
    remember(this)
    this.keepOutput(logFile)
    this.listen()
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  kill(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL')
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

  private listen(): void {
    this.child.on('message', (report: Report) => {
      this.lastHeardMs = performance.now()
      this.hear(report)
    })
    // What cannot be sent to one that is ending is no news: why it ends is told next.
    this.child.on('error', (error) => {
      if (this.child.pid === undefined) this.fail(error)
      else this.timers.push(setTimeout(() => this.fail(error), unsentGraceMs))
    })
    this.child.once('exit', (code, signal) => {
      if (!this.isEnding) this.fail(this.endOf(code, signal))
    })
  }

  /** Why there is no process any more. That it was killed is no fault of weir, and the user can do something about it. */
  private endOf(code: number | null, signal: NodeJS.Signals | null): Error {
    const who = `generator ${this.number} (process ${this.pid})`
    const isHeapFull = this.tail.some((line) => line.includes('heap out of memory'))
    if (signal === 'SIGKILL' || isHeapFull) return new UserError(outOfMemory(who, signal, isHeapFull), exitCodes.failed)
    if (signal !== null && fromOutside.has(signal))
      return new UserError(`${who} was ended from outside by ${signal}; leave it to weir to end it`, exitCodes.failed)
    const how = `the process of ${who} ended by itself (${signal ?? `exit code ${code}`})`
    return new Error([how, ...this.tail].join('\n'))
  }

  private hear(report: Report): void {
    switch (report.type) {
      case 'answer':
        this.takeCall(report.id)?.resolve(report.value)
        break
      case 'failure':
        this.takeCall(report.id)?.reject(
          report.isUserError
            ? new UserError(report.message, report.exitCode as ExitCode)
            : new Error(`the generator failed: ${report.message}`),
        )
        break
      case 'log':
        this.events[report.test]?.log(report.level, report.message, report.source)
        break
      case 'print':
        this.events[report.test]?.print?.(report.text)
        break
      case 'second':
        this.events[report.test]?.second(report.second)
        break
      case 'stopping':
        this.events[report.test]?.stopping(report.exitCode, report.reason)
    }
  }

  private takeCall(id: number): Call | undefined {
    const call = this.calls.get(id)
    this.calls.delete(id)
    return call
  }

  /** What was asked of it, and what will be, is not going to be answered. */
  fail(error: Error): void {
    this.failure ??= error
    for (const call of this.calls.values()) call.reject(error)
    this.calls.clear()
  }

  private send(order: Order): void {
    if (this.child.connected) this.child.send(order)
  }

  private call(toOrder: (id: number) => Order): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure)
      const id = ++this.lastCall
      this.calls.set(id, { resolve, reject })
      this.send(toOrder(id))
    })
  }

  /** Reads the scripts. @throws UserError for one that cannot be read, compiled or initialised */
  prepare(job: GeneratorJob): Promise<Plans> {
    return this.call((id) => ({ type: 'prepare', id, job })) as Promise<Plans>
  }

  /** Lets the engine's own code run until it is fast. */
  async warm(): Promise<void> {
    await this.call((id) => ({ type: 'warm', id }))
  }

  /** Until a part is taken again. */
  ignoreEvents(): void {
    this.events = {}
  }

  /** The prepared test in there, to be led from here. */
  part(test: TestName, events: PartEvents): TestPart {
    this.events[test] = events
    const call = (method: PartMethod, ...given: unknown[]): Promise<never> =>
      this.call((id) => ({ type: 'call', id, test, method, given })) as Promise<never>
    return {
      initialise: () => call('initialise'),
      setUp: () => call('setUp'),
      load: (startMs, setupJson) => call('load', startMs, setupJson),
      slice: (startMs, lengthMs, setupJson) => call('slice', startMs, lengthMs, setupJson),
      tearDown: (setupJson) => call('tearDown', setupJson),
      snapshot: () => call('snapshot'),
      finish: () => call('finish'),
      handleSummary: (data) => call('handleSummary', data),
      stop: (exitCode, reason) => this.send({ type: 'stop', test, exitCode, reason }),
      countUsers: (active, initialized) => this.send({ type: 'users', test, active, initialized }),
    }
  }

  /** It was asked to end: if it does not hear that, because a script computes without a pause, it is given up. */
  giveUpWhenSilent(): void {
    this.isStopping = true
    this.every(500, () => {
      const silenceMs = performance.now() - this.lastHeardMs
      if (silenceMs < this.longestSilenceMs + (this.spin ? 0 : watchNeedsMs)) return
      this.giveUp(this.spin ?? { isInLoad: true, seconds: Math.round(silenceMs / 1000), frames: [], isEngine: false })
    })
  }

  /** Hears of scripts that compute without a pause: during the load that ends it, before and after it `say` is told. */
  onSpin(say: (message: string) => void): void {
    const lines = createInterface({ input: this.child.stdio[watchChannel] as Readable })
    // That the process is gone is heard elsewhere.
    lines.on('error', () => {})
    lines.on('line', (line) => {
      this.spin = JSON.parse(line) as Spin
      if (isFatal(this.spin) || this.isStopping) this.giveUp(this.spin)
      else say(describeSpin(this.spin))
    })
  }

  private giveUp(spin: Spin): void {
    const exitCode = this.isStopping ? exitCodes.interrupted : exitCodes.scriptException
    this.fail(new UserError(`${describeSpin(spin)}\n${endsLoad}`, exitCode))
  }

  private every(periodMs: number, action: () => void): void {
    this.timers.push(setInterval(action, periodMs))
  }

  /** Nothing of it is left when this resolves. */
  async end(): Promise<void> {
    this.isEnding = true
    for (const timer of this.timers) clearTimeout(timer)
    this.kill()
    await this.gone
    alive.delete(this)
  }
}
