import { GCProfiler, getHeapStatistics } from 'node:v8'
import type { Batch } from './batches.ts'
import { use } from './sampling.ts'

const mostRounds = 100_000
/** Slow operations are looked at for about so long. */
const longestNs = 2e8
/** What V8 itself allocates now and then (optimised code, feedback) only adds: the least of some looks is the operation's. */
const looks = 3

/**
 * Bytes that a round allocates on the heap of this thread: how much more of it is used after some rounds than before, less
 * the same of no rounds. Only rounds without a garbage collection in between can be looked at, so this takes fewer until there
 * was none. Exact to a hundredth of a byte; what lives outside of the heap (buffers, other threads) is not in it.
 *
 * @param roundNs how long a round takes
 * @returns null where even one round brings a collection
 */
export async function allocatedPerRound(batch: Batch, roundNs: number): Promise<number | null> {
  const none = await leastOf(batch, 0)
  const most = Math.max(1, Math.min(mostRounds, Math.floor(longestNs / Math.max(roundNs, 1))))
  for (let rounds = most; rounds >= 1; rounds = Math.floor(rounds / 4)) {
    const bytes = await leastOf(batch, rounds)
    if (bytes !== null) return Math.max(0, Math.round((100 * (bytes - (none ?? 0))) / rounds) / 100)
  }
  return null
}

async function leastOf(batch: Batch, rounds: number): Promise<number | null> {
  let least: number | null = null
  for (let look = 0; look < looks; look++) {
    const bytes = await allocatedBy(batch, rounds)
    if (bytes !== null && bytes >= 0) least = Math.min(bytes, least ?? bytes)
  }
  return least
}

async function allocatedBy(batch: Batch, rounds: number): Promise<number | null> {
  globalThis.gc?.()
  const profiler = new GCProfiler()
  profiler.start()
  const before = getHeapStatistics().used_heap_size
  const value = batch(rounds)
  // To await what is there at once would allocate.
  use(typeof value === 'number' ? value : await value)
  const bytes = getHeapStatistics().used_heap_size - before
  return (profiler.stop()?.statistics.length ?? 0) > 0 ? null : bytes
}
