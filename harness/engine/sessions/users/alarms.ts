/** Of its time the generator spends no more than this on waking more precisely than a timer does. */
const watchedShare = 0.1
/** What is not spent is saved up to here: a load that begins after an hour does not watch for minutes. */
const mostSavedMs = 10

/** One that is set; it may be taken back until it has rung. */
export interface Alarm {
  cancel(): void
}

/**
 * Rings at moments. A timer of Node knows whole milliseconds, so that it rings half a millisecond late on average, and what is
 * measured from the moment at which it was due is longer by that. Here it sets off early, and the rest of less than a
 * millisecond is watched: the event loop goes round without sleeping and lets everything else happen. Where that has taken its
 * share of the time, as with thousands of starts a second, the timer is waited for to its end.
 */
export class Alarms {
  private readonly now: () => number
  private savedMs = mostSavedMs
  private savedAtMs: number

  /** @param now ms, of the clock that moments are of */
  constructor(now: () => number) {
    this.now = now
    this.savedAtMs = now()
  }

  /** Rings at the moment, ms, or as soon as can be; never within this call. */
  set(atMs: number, ring: () => void): Alarm {
    let pending: NodeJS.Timeout | NodeJS.Immediate
    const watch = (): void => {
      if (this.now() >= atMs) ring()
      else pending = setImmediate(watch)
    }
    const wake = (): void => {
      const leftMs = atMs - this.now()
      if (leftMs <= 0) ring()
      else wait(leftMs)
    }
    const wait = (leftMs: number): void => {
      // A timer cuts fractions of a millisecond off: it comes early.
      if (leftMs >= 1) pending = setTimeout(wake, leftMs)
      else pending = this.mayWatchFor(leftMs) ? setImmediate(watch) : setTimeout(wake, 1)
    }
    const leftMs = atMs - this.now()
    if (leftMs > 0) wait(leftMs)
    else pending = setImmediate(ring)
    return {
      cancel() {
        clearTimeout(pending as NodeJS.Timeout)
        clearImmediate(pending as NodeJS.Immediate)
      },
    }
  }

  /** Takes so much of what is saved up, if there is as much. */
  private mayWatchFor(ms: number): boolean {
    const nowMs = this.now()
    this.savedMs = Math.min(mostSavedMs, this.savedMs + watchedShare * (nowMs - this.savedAtMs))
    this.savedAtMs = nowMs
    if (ms > this.savedMs) return false
    this.savedMs -= ms
    return true
  }
}
