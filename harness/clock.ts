// The global of the same name is looked up through a getter on every use, which costs more than the clock itself.
import { performance } from 'node:perf_hooks'

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
const monotonicOffsetMs = readMonotonicOffsetMs()

/**
 * The two clocks cannot be read in one instant. The first reading takes about a millisecond, and any reading may lose
 * its CPU: of many the one that is closest between two of the other clock counts.
 */
function readMonotonicOffsetMs(): number {
  let offsetMs = 0
  for (let tries = 0, leastMs = Number.POSITIVE_INFINITY; tries < 20; tries++) {
    const beforeMs = performance.now()
    const monotonicMs = Number(process.hrtime.bigint()) / 1e6
    const tookMs = performance.now() - beforeMs
    if (tookMs >= leastMs) continue
    leastMs = tookMs
    offsetMs = monotonicMs - beforeMs - tookMs / 2
  }
  return offsetMs
}

/** CLOCK_MONOTONIC in ms: performance.now() on the scale that all processes of the host share. */
export const monotonicNow = (): number => performance.now() + monotonicOffsetMs

export const systemClock: Clock = {
  now: monotonicNow,
  wallNow: () => performance.timeOrigin + performance.now(),
  setTimer: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
