/**
 * From performance.now() to CLOCK_MONOTONIC, ms. The two cannot be read in one instant, the first reading takes about a
 * millisecond, and any may lose its CPU: of many the one that is closest between two of the other clock counts.
 */
const offsetMs = ((): number => {
  let best = { tookMs: Number.POSITIVE_INFINITY, offsetMs: 0 }
  for (let tries = 0; tries < 20; tries++) {
    const beforeMs = performance.now()
    const readMs = Number(process.hrtime.bigint()) / 1e6
    const tookMs = performance.now() - beforeMs
    if (tookMs < best.tookMs) best = { tookMs, offsetMs: readMs - beforeMs - tookMs / 2 }
  }
  return best.offsetMs
})()

/** Milliseconds of CLOCK_MONOTONIC, which every process of the host reads alike. */
export const monotonicMs = (): number => performance.now() + offsetMs

/** An alarm that can be stopped; it rings once. */
export interface Alarm {
  stop(): void
}

/**
 * Calls back at `dueMs` on the monotonic scale or just after it, never before. Timers count from the event loop's own
 * whole-millisecond time, so one can fire up to a millisecond early; then the rest is waited for.
 */
export const ringAt = (dueMs: number, ring: () => void): Alarm => {
  let timer: NodeJS.Timeout
  const wait = (): void => {
    timer = setTimeout(() => (monotonicMs() < dueMs ? wait() : ring()), Math.max(1, Math.ceil(dueMs - monotonicMs())))
  }
  wait()
  return { stop: () => clearTimeout(timer) }
}
