import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { LoadJob } from '../port.ts'
import type { Order, Report } from './generator.ts'
import { describeSpin, endsLoad, watchChannel } from './spin.ts'
import type { Spin } from './watch-thread.ts'

/** A larger nursery: thousands of short-lived objects a millisecond should not be moved to the old generation. */
const nodeFlags = ['--max-semi-space-size=32']

/** Without a sign of life for so long, a script holds up the event loop of its generator. */
const longestSilenceMs = 5000

/** What the watch thread needs to find out where, at the most; after that its answer is not waited for. */
const watchNeedsMs = 5000

/** The generator's process as its parent sees it: orders go out, reports come in, and in the end nothing of it is left. */
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
  private fail: (error: Error) => void = () => {}

  constructor({ cpus, logFile, spinLimitMs }: LoadJob) {
    this.longestSilenceMs = spinLimitMs ?? longestSilenceMs
    const pinned = cpus === null ? {} : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath, ...nodeFlags] }
    this.child = fork(fileURLToPath(import.meta.resolve('./generator.ts')), [String(this.longestSilenceMs)], {
      execArgv: nodeFlags,
      ...pinned,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      // A group of its own: Ctrl-C is for the parent, which tells the generator what it means.
      detached: true,
    })
    this.gone = new Promise((resolve) => this.child.once('exit', () => resolve()))
    process.on('exit', this.kill)
    this.keepOutput(logFile)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  private readonly kill = (): void => {
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

  listen(onReport: (report: Report) => void, onFailure: (error: Error) => void): void {
    this.fail = onFailure
    this.child.on('message', (report: Report) => {
      this.lastHeardMs = performance.now()
      if (report.type !== 'error') onReport(report)
      else if (report.isUserError) onFailure(new UserError(report.message, report.exitCode as ExitCode))
      else onFailure(new Error(`the generator failed: ${report.message}`))
    })
    this.child.once('error', onFailure)
    this.child.once('exit', (code, signal) => {
      if (this.isEnding) return
      const how = `the generator process ended by itself (${signal ?? `exit code ${code}`})`
      onFailure(new Error([how, ...this.tail].join('\n')))
    })
  }

  order(order: Order): void {
    if (this.child.connected) this.child.send(order)
  }

  /** Asks for an orderly end; who does not hear it, because a script computes without a pause, is given up. */
  stop(exitCode: ExitCode, reason: string): void {
    this.order({ type: 'stop', exitCode, reason })
    this.isStopping = true
    this.every(500, () => {
      const silenceMs = performance.now() - this.lastHeardMs
      if (silenceMs < this.longestSilenceMs + (this.spin ? 0 : watchNeedsMs)) return
      this.giveUp(this.spin ?? { isInLoad: true, seconds: Math.round(silenceMs / 1000), frames: [] })
    })
  }

  /** Hears of scripts that compute without a pause: during the load that ends it, before and after it `say` is told. */
  onSpin(say: (message: string) => void): void {
    createInterface({ input: this.child.stdio[watchChannel] as Readable }).on('line', (line) => {
      this.spin = JSON.parse(line) as Spin
      if (this.spin.isInLoad || this.isStopping) this.giveUp(this.spin)
      else say(describeSpin(this.spin))
    })
  }

  private giveUp(spin: Spin): void {
    const exitCode = this.isStopping ? exitCodes.interrupted : exitCodes.scriptException
    this.fail(new UserError(`${describeSpin(spin)}\n${endsLoad}`, exitCode))
  }

  failAfter(delayMs: number, error: Error): void {
    this.timers.push(setTimeout(() => this.fail(error), delayMs))
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
    process.off('exit', this.kill)
  }
}
