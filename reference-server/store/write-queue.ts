import { setTimeout as sleep } from 'node:timers/promises'
import { logFailure } from '../errors.ts'
import { busy } from '../gateway/problems.ts'
import { Outage } from '../outage.ts'
import type { CommitFailure, CommitOutcome, FailureKind } from './database.ts'
import type { Write } from './port.ts'
import type { WritePolicy } from './writes/port.ts'

/** Waits between attempts double from the one to the other. */
const firstWaitMs = 10
const longestWaitMs = 1_000
/** What is handed to the database at once; a backlog goes in several pieces, so that the event loop stays free. */
const mostWritesAtOnce = 1_000

interface Batch {
  writes: Write[]
  /** Of those that failed, why. */
  failures: Map<Write, Error>
  settled: PromiseWithResolvers<void>
}

type Commit = (batches: Write[][]) => Promise<CommitOutcome>
interface Limits extends Pick<WritePolicy, 'writes' | 'ageMs' | 'retries'> {
  /** Changes that may wait. */
  mostPending: number
  /** How long a shutdown waits for a database that is away. */
  closeTimeoutMs: number
}

const newBatch = (): Batch => ({ writes: [], failures: new Map(), settled: Promise.withResolvers() })

/** Gathers changes into batches and has these committed in order. While the database is away, they wait for it. */
export class WriteQueue {
  readonly #limits: Limits
  readonly #commit: Commit
  #open: Batch | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #sealed: Batch[] = []
  /** Somebody waits for the open batch. */
  #isUrgent = false
  #pending = 0
  #running: Promise<void> | undefined
  /** How often in a row the batch that is next failed, and why. */
  #failed: { kind: FailureKind | undefined; times: number } = { kind: undefined, times: 0 }
  readonly #outage = new Outage('changes wait for the database')
  #away: CommitFailure | undefined
  readonly #closing = new AbortController()
  #giveUpAtMs = Number.POSITIVE_INFINITY
  #committedBeforeClosing = 0
  readonly #onOutage = new Set<() => void>()
  /** Batches committed, each a transaction, and the changes in them. */
  transactions = 0
  committed = 0

  constructor(limits: Limits, commit: Commit) {
    this.#limits = limits
    this.#commit = commit
  }

  /** Changes added and not yet committed or failed. */
  get pending(): number {
    return this.#pending
  }

  get overloaded(): boolean {
    return this.#pending >= this.#limits.mostPending * 0.75
  }

  /**
   * Resolves when the change is committed.
   * @throws Problem 503, and not later, where there is no room for it
   */
  add(write: Write): Promise<void> {
    if (this.#pending >= this.#limits.mostPending) {
      throw busy(`${this.#pending} changes wait for the database; try again later`)
    }
    const batch = (this.#open ??= this.#begin())
    this.#pending += 1
    if (batch.writes.push(write) >= this.#limits.writes) this.#seal()
    return this.#fateOf(write, batch)
  }

  /**
   * Has what is gathered committed at once, or as soon as what is on its way is: what comes until then goes along, so that
   * many who cannot wait share a commit too.
   */
  send(): void {
    if (!this.#open) return
    if (this.#running) this.#isUrgent = true
    else this.#seal()
  }

  /** Resolves when `written` is settled, however. Rejects when the database is away, or goes meanwhile. */
  async settledOrAway(written: Promise<void>): Promise<void> {
    this.send()
    const away = Promise.withResolvers<void>()
    const onOutage = (): void => away.reject(busy(`the database cannot be reached: ${this.#away?.message}`))
    if (this.#away) onOutage()
    this.#onOutage.add(onOutage)
    try {
      await Promise.race([written.catch(() => {}), away.promise])
    } finally {
      this.#onOutage.delete(onOutage)
    }
  }

  /**
   * From now on a database that is away gets a last while to come back in, and anew after each commit; then all that waits
   * fails, and what that cost is logged. Said before whoever waits for a change is waited for: nobody else ends that.
   */
  startClosing(): void {
    if (this.#closing.signal.aborted) return
    this.#committedBeforeClosing = this.committed
    this.#failed = { kind: undefined, times: 0 }
    this.#closing.abort()
    this.#allowLastWhile()
  }

  /** Commits what is left, or gives it up as `startClosing` says. */
  async close(): Promise<void> {
    this.startClosing()
    this.#seal()
    await this.#running
  }

  #allowLastWhile(): void {
    this.#giveUpAtMs = Date.now() + this.#limits.closeTimeoutMs
  }

  async #fateOf(write: Write, batch: Batch): Promise<void> {
    await batch.settled.promise
    const failure = batch.failures.get(write)
    if (failure) throw failure
  }

  #begin(): Batch {
    this.#timer = setTimeout(() => this.#seal(), this.#limits.ageMs)
    return newBatch()
  }

  #seal(): void {
    if (!this.#open) return
    clearTimeout(this.#timer)
    this.#sealed.push(this.#open)
    this.#open = undefined
    this.#isUrgent = false
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    while (this.#hasNext()) {
      const { committed, failure: said } = await this.#commit(this.#next())
      const failure = said && this.#judged(said)
      for (const batch of this.#sealed.splice(0, committed)) this.#noteCommitted(batch)
      if (committed > 0) this.#noteProgress()
      if (committed > 0 || failure?.kind !== 'unreachable') this.#noteReachable()
      if (failure) await this.#handle(failure)
    }
    this.#running = undefined
  }

  #hasNext(): boolean {
    if (this.#sealed.length === 0 && this.#isUrgent) this.#seal()
    return this.#sealed.length > 0
  }

  #next(): Write[][] {
    let count = 0
    const fits = (batch: Batch, index: number): boolean =>
      index === 0 || (count += batch.writes.length) <= mostWritesAtOnce
    const end = this.#sealed.findIndex((batch, index) => !fits(batch, index))
    return this.#sealed.slice(0, end === -1 ? undefined : end).map(({ writes }) => writes)
  }

  #noteCommitted(batch: Batch): void {
    this.transactions += 1
    this.committed += batch.writes.length
    this.#settle(batch)
  }

  #noteProgress(): void {
    this.#failed = { kind: undefined, times: 0 }
    if (this.#closing.signal.aborted) this.#allowLastWhile()
  }

  #settle(batch: Batch): void {
    this.#pending -= batch.writes.length
    batch.settled.resolve()
  }

  async #handle(failure: CommitFailure): Promise<void> {
    const { kind } = failure
    if (kind === 'unreachable') this.#noteOutage(failure)
    this.#failed = { kind, times: kind === this.#failed.kind ? this.#failed.times + 1 : 1 }
    if (this.#isHopeless()) return this.#refuse(failure)
    const waitMs = Math.min(firstWaitMs * 2 ** Math.min(this.#failed.times, 10), longestWaitMs)
    // The long waits of an outage end when a shutdown begins; those after it are short again.
    const signal = kind === 'unreachable' && !this.#closing.signal.aborted ? this.#closing.signal : undefined
    await sleep(waitMs * (0.5 + Math.random() / 2), undefined, signal && { signal }).catch(() => {})
  }

  /** One that stays busy however often it is asked is as good as away, and so is one that is busy when nobody can wait any more. */
  #judged(failure: CommitFailure): CommitFailure {
    const { kind, times } = this.#failed
    const staysBusy = kind === 'busy' && times >= this.#limits.retries
    const isAway = this.#away !== undefined || staysBusy || Date.now() >= this.#giveUpAtMs
    return failure.kind === 'busy' && isAway ? { ...failure, kind: 'unreachable' } : failure
  }

  #isHopeless(): boolean {
    const { kind } = this.#failed
    if (kind === 'unreachable') return Date.now() >= this.#giveUpAtMs
    return kind === 'refused'
  }

  /** Gives up the next batch, or all of them where the database is away for good. */
  #refuse({ kind, message }: CommitFailure): void {
    this.#failed = { kind: undefined, times: 0 }
    if (kind === 'refused' && this.#sealed[0]!.writes.length > 1) {
      this.#split(this.#sealed.shift()!)
      return
    }
    if (kind === 'unreachable') this.#tellLoss(message)
    const failure = kind === 'refused' ? new Error(message) : busy(`changes were not stored: ${message}`)
    for (const batch of this.#sealed.splice(0, kind === 'unreachable' ? this.#sealed.length : 1)) {
      for (const write of batch.writes) batch.failures.set(write, failure)
      this.#settle(batch)
    }
  }

  #tellLoss(message: string): void {
    const stored = this.committed - this.#committedBeforeClosing
    const lost = this.#pending
    logFailure(`shut down without the database: ${lost} changes are lost, ${stored} others were stored`, message)
  }

  /** One bad change must not take the others of its batch with it: each is tried alone. */
  #split(batch: Batch): void {
    const alone = batch.writes.map((write): Batch => ({ ...batch, writes: [write], settled: Promise.withResolvers() }))
    this.#sealed.unshift(...alone)
    void Promise.all(alone.map(({ settled }) => settled.promise)).then(() => batch.settled.resolve())
  }

  #noteOutage(failure: CommitFailure): void {
    this.#outage.failed(failure.message)
    this.#away = failure
    for (const tell of this.#onOutage) tell()
  }

  #noteReachable(): void {
    this.#outage.worked()
    this.#away = undefined
  }
}
