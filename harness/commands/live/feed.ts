import { randomUUID } from 'node:crypto'
import { afterUpdate, firstState, joined, type LiveState, type LiveUpdate } from '../../../reports/live/state.ts'
import { type Clock, systemClock, type Timer } from '../../clock.ts'

/** A message as it is sent: `id` is what a reader who comes back names as the last one it has. */
export interface LiveMessage {
  id: string
  name: 'snapshot' | 'update'
  data: LiveState | LiveUpdate
}

const leastBetweenMs = 1000
/** Updates that are kept for readers who were away: a minute of them. */
const mostKept = 60

/**
 * What live pages are told: at most one message a second, with all that has changed. It holds the state, so that whoever
 * comes later gets that first, and who was away for a moment only what was missed.
 */
export class LiveFeed {
  private readonly clock: Clock
  private readonly listener: (message: LiveMessage) => void
  /** Ids of another run, whose page is still open, are none of this one's. */
  private readonly run = randomUUID().slice(0, 8)
  private state: LiveState
  private sent = 0
  private kept: LiveMessage[] = []
  private waiting: LiveUpdate | null = null
  private timer: Timer | null = null
  private lastMs = Number.NEGATIVE_INFINITY

  /** @param command what runs: `weir run main` @param listener hears every message as it falls due */
  constructor(command: string, listener: (message: LiveMessage) => void, clock: Clock = systemClock) {
    this.state = firstState(command)
    this.listener = listener
    this.clock = clock
  }

  tell(update: LiveUpdate): void {
    this.waiting = this.waiting ? joined(this.waiting, update) : update
    const inMs = this.lastMs + leastBetweenMs - this.clock.now()
    if (inMs <= 0) this.flush()
    else this.timer ??= this.clock.setTimer(() => this.flush(), inMs)
  }

  /** Sends what waits, at once. */
  flush(): void {
    if (this.timer) this.clock.clearTimer(this.timer)
    this.timer = null
    if (!this.waiting) return
    this.lastMs = this.clock.now()
    this.state = afterUpdate(this.state, this.waiting)
    this.sent += 1
    const message: LiveMessage = { id: this.idOf(this.sent), name: 'update', data: this.waiting }
    this.waiting = null
    this.kept = [...this.kept, message].slice(-mostKept)
    this.listener(message)
  }

  /** What a reader has to hear first. @param lastId of the last message that it has; undefined: it has none */
  greeting(lastId: string | undefined): LiveMessage[] {
    const missed = this.sent - this.numberOf(lastId)
    if (missed >= 0 && missed <= this.kept.length) return this.kept.slice(this.kept.length - missed)
    return [{ id: this.idOf(this.sent), name: 'snapshot', data: this.state }]
  }

  private idOf(number: number): string {
    return `${this.run}.${number}`
  }

  /** NaN for an id that is none of this feed's. */
  private numberOf(id: string | undefined): number {
    const [run, number] = id?.split('.') ?? []
    return run === this.run && /^\d+$/.test(number ?? '') ? Number(number) : Number.NaN
  }
}
