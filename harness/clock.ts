/**
 * Time comes in through a Clock. All times of one machine share one scale: milliseconds of CLOCK_MONOTONIC, which
 * every process on the host reads alike, so that a stamp of the generator can be laid beside a stamp of the target.
 */
export interface Clock {
  /** Milliseconds of CLOCK_MONOTONIC, with a fraction (resolution below a microsecond). */
  now(): number
  /** Milliseconds since the Unix epoch. */
  wallNow(): number
  /** Calls back once, not before `delayMs`. */
  setTimer(callback: () => void, delayMs: number): Timer
  clearTimer(timer: Timer): void
}

export type Timer = unknown

/** What must be added to this process's performance.now() to get CLOCK_MONOTONIC in ms. */
const monotonicOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** CLOCK_MONOTONIC in ms: performance.now() on the scale that all processes of the host share. */
export const monotonicNow = (): number => performance.now() + monotonicOffsetMs

export const systemClock: Clock = {
  now: monotonicNow,
  wallNow: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
