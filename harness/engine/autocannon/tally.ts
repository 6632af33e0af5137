import { monotonicNow } from '../../clock.ts'
import { type Metric, MetricRegistry } from '../../metrics/registry.ts'
import type { Recorded } from '../sessions/load-test/recorder.ts'
import { missingInWords } from './connecting.ts'
import { goneInWords, type Misreading, misreadInWords } from './lost-words.ts'

/** The scenario of the one phase, as the recorder numbers them. */
const scenario = 1
const mostReasons = 5

/**
 * What became of each request. An iteration is a request that was answered as expected; of what was answered otherwise the
 * duration counts, as in k6, but not as work done.
 */
export class Tally {
  readonly recorded: Recorded
  private readonly metrics: Record<
    'requests' | 'failed' | 'durations' | 'received' | 'iterations' | 'lost' | 'missing',
    Metric
  >
  /** By status or error. */
  private readonly reasons = new Map<string, number>()
  private readonly misreadings = new Map<Misreading, { count: number; statuses: Set<number> }>()
  /** Of connections, in words. */
  private missing: string[] = []
  /** Went with their connection. */
  private gone = 0
  private isOpen = true
  private isConnected = false

  constructor() {
    const registry = new MetricRegistry()
    this.metrics = {
      requests: registry.builtin('http_reqs'),
      failed: registry.builtin('http_req_failed'),
      durations: registry.builtin('http_req_duration'),
      received: registry.builtin('data_received'),
      iterations: registry.builtin('iterations'),
      lost: registry.builtin('http_req_lost'),
      missing: registry.builtin('connections_missing'),
    }
    this.recorded = {
      registry,
      counts: { vusActive: 0, vusInitialized: 0, socketsOpen: 0, iterationsCompleted: 0, iterationsInterrupted: 0 },
      now: monotonicNow,
      options: { notes: { operation: 'iterations' } },
    }
  }

  /**
   * From here on durations count: those before have the connecting in them.
   *
   * @param missing the connections that are not open @param afterMs so long after the start
   */
  connected(missing: readonly number[], afterMs: number): void {
    this.isConnected = true
    if (missing.length === 0) return
    this.metrics.missing.add(missing.length, scenario, null)
    this.missing = [missingInWords(missing, afterMs)]
  }

  /** From here on nothing counts. */
  close(): void {
    this.isOpen = false
  }

  get isClosed(): boolean {
    return !this.isOpen
  }

  /** @param status undefined: autocannon read what is no answer @param durationMs null: it has the connecting in it */
  answered(status: number | undefined, isGood: boolean, bytes: number, durationMs: number | null): void {
    if (!this.isOpen) return
    if (status === undefined) this.torn()
    else if (status < 200) this.misread('interim', status)
    else this.count(status, isGood, bytes, durationMs)
  }

  private count(status: number, isGood: boolean, bytes: number, durationMs: number | null): void {
    const { requests, failed, durations, received, iterations } = this.metrics
    requests.add(1, scenario, null)
    if (this.isConnected && durationMs !== null) durations.add(durationMs, scenario, null)
    received.add(bytes, scenario, null)
    failed.add(isGood ? 0 : 1, scenario, null)
    if (isGood) {
      iterations.add(1, scenario, null)
      this.recorded.counts.iterationsCompleted++
    } else this.note(`status ${status}`)
  }

  /** An answer without a body announces one, and autocannon waits for it. */
  endless(status: number): void {
    if (this.isOpen) this.misread('endless', status)
  }

  /** An answer has no end, or was taken for the rest of another one. */
  torn(): void {
    if (this.isOpen) this.misread('torn')
  }

  private misread(how: Misreading, status?: number): void {
    this.metrics.lost.add(1, scenario, null)
    const { count, statuses } = this.misreadings.get(how) ?? { count: 0, statuses: new Set<number>() }
    this.misreadings.set(how, { count: count + 1, statuses: status === undefined ? statuses : statuses.add(status) })
  }

  /** A failure of the server like any other: only its time is not known, but that it was long. */
  timedOut(): void {
    if (!this.isOpen) return
    this.metrics.failed.add(1, scenario, null)
    this.note('no answer in time')
  }

  /** A request went with its connection, without a word of autocannon. */
  lost(): void {
    if (!this.isOpen) return
    this.metrics.failed.add(1, scenario, null)
    this.metrics.lost.add(1, scenario, null)
    this.gone++
  }

  /** A connection could not be opened, or broke: what that did to its requests is found by counting. */
  broke(error: Error): void {
    if (this.isOpen) this.note((error as NodeJS.ErrnoException).code ?? error.message)
  }

  private note(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }

  /** What went wrong, for people; what explains the rest first. */
  warnings(): string[] {
    const misread = [...this.misreadings].map(([how, { count, statuses }]) => misreadInWords(how, count, statuses))
    return [...misread, ...this.failures(), ...this.missing, ...(this.gone > 0 ? [goneInWords(this.gone)] : [])]
  }

  private failures(): string[] {
    const { failed } = this.metrics
    const [wrong, all] = [failed.sum(), failed.total().count]
    if (all === 0) return ['no request was answered within the load']
    if (wrong === 0) return []
    const told = [...this.reasons].sort(([, a], [, b]) => b - a).slice(0, mostReasons)
    const why = told.map(([reason, times]) => `${reason} (${times})`).join(', ')
    return [`${wrong === all ? 'all' : wrong} of ${all} requests failed${why === '' ? '' : `: ${why}`}`]
  }
}
