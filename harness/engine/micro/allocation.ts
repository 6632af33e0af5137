import { GCProfiler, getHeapSpaceStatistics } from 'node:v8'
import type { Batch } from './batches.ts'
import { use } from './sampling.ts'

const mostRounds = 100_000
/** Slow operations are looked at for about so long, ... */
const longestNs = 2e8
/** ... and for no more than this share of the time in which they are sampled. */
const longestShare = 1 / 8
/** What V8 itself allocates now and then (optimised code, feedback) only adds: the least of some looks is the operation's. */
const looks = 3
/** V8 counts to the byte within the first page of its space for new objects, and less well beyond. */
const pageBytes = 128 * 1024

/**
 * Bytes that a round allocates on the heap of this thread: how much more some rounds allocate than half as many. Only rounds
 * without a garbage collection in between can be looked at, so this takes fewer until there was none. What lives outside of
 * the heap (buffers), or on that of another thread, is not in it.
 *
 * @param roundNs how long a round takes
 * @param sampledNs how long rounds were sampled for their time
 * @returns to a hundredth of a byte; null where even one round brings a collection
 */
export async function allocatedPerRound(batch: Batch, roundNs: number, sampledNs: number): Promise<number | null> {
  const lookNs = Math.min(longestNs, longestShare * sampledNs)
  const most = Math.max(1, Math.min(mostRounds, Math.floor(lookNs / Math.max(roundNs, 1))))
  for (let rounds = most; rounds >= 1; rounds = Math.floor(rounds / 4)) {
    const bytes = await leastOf(batch, rounds)
    if (bytes === null) continue
    const fitting = Math.floor(rounds * Math.min(1, pageBytes / Math.max(bytes, 1)))
    return await growthBy(batch, Math.max(1, fitting))
  }
  return null
}

async function growthBy(batch: Batch, rounds: number): Promise<number | null> {
  const half = Math.floor(rounds / 2)
  const [whole, part] = [await leastOf(batch, rounds), await leastOf(batch, half)]
  if (whole === null || part === null) return null
  return Math.max(0, Math.round((100 * (whole - part)) / (rounds - half)) / 100)
}

async function leastOf(batch: Batch, rounds: number): Promise<number | null> {
  let least: number | null = null
  for (let look = 0; look < looks; look++) {
    const bytes = await allocatedBy(batch, rounds)
    if (bytes !== null && bytes >= 0) least = Math.min(bytes, least ?? bytes)
  }
  return least
}

/** Only where new objects are made: elsewhere V8 sweeps behind the collection while this looks. */
const newObjectsBytes = (): number =>
  getHeapSpaceStatistics().reduce(
    (sum, { space_name: name, space_used_size: bytes }) => (name.startsWith('new_') ? sum + bytes : sum),
    0,
  )

async function allocatedBy(batch: Batch, rounds: number): Promise<number | null> {
  globalThis.gc?.()
  const profiler = new GCProfiler()
  profiler.start()
  const before = newObjectsBytes()
  const value = batch(rounds)
  // To await what is there at once would allocate.
  use(typeof value === 'number' ? value : await value)
  const bytes = newObjectsBytes() - before
  return (profiler.stop()?.statistics.length ?? 0) > 0 ? null : bytes
}
