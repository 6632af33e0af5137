import { monotonicMs } from './clock.ts'

const mostKept = 100_000
const keptMs = 600_000

const keyOf = (session: string, turn: string): string => `${session}\n${turn}`

/** When clients gave calls up, by session and turn; the last 100,000 of the last 10 minutes. */
export class Aborts {
  /** In the order of time: what is noted again moves to the end. */
  readonly #timesMs = new Map<string, number>()
  readonly #now: () => number
  #count = 0

  /** @param now the time in ms; tests have their own */
  constructor(now: () => number = monotonicMs) {
    this.#now = now
  }

  /** Calls given up since the start. */
  get count(): number {
    return this.#count
  }

  note(session: string, turn: string): void {
    const key = keyOf(session, turn)
    const nowMs = this.#now()
    this.#count += 1
    this.#timesMs.delete(key)
    this.#timesMs.set(key, nowMs)
    this.#forget(nowMs)
  }

  /** How long ago the last call of a turn was given up, ms; undefined where none was, or too long ago. */
  msAgo(session: string, turn: string): number | undefined {
    const nowMs = this.#now()
    this.#forget(nowMs)
    const thenMs = this.#timesMs.get(keyOf(session, turn))
    return thenMs === undefined ? undefined : nowMs - thenMs
  }

  #forget(nowMs: number): void {
    for (const [key, thenMs] of this.#timesMs) {
      if (this.#timesMs.size <= mostKept && nowMs - thenMs <= keptMs) return
      this.#timesMs.delete(key)
    }
  }
}
