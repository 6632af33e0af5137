// The global of the same name is looked up through a getter on every use.
import { performance } from 'node:perf_hooks'
import { Bench } from 'tinybench'
import type { Batch, Batches } from './batches.ts'

/** How long a task is sampled. */
export interface Pace {
  /** All samples together take about so long, s. */
  seconds: number
  warmupSeconds: number
}

/** What was measured of one thread's operations; times are of one of them, the loop's own taken off. */
export interface Sampled {
  onceNs: number
  /** Pass by pass, how many times as long a round takes that has twice as many operations. */
  doublings: number[]
  /** Of a round of the empty loop. */
  emptyNs: number
  samples: number
  operationsARound: number
  operationsPerSample: number
}

const kinds = ['once', 'twice', 'emptyOnce', 'emptyTwice'] as const
type Kind = (typeof kinds)[number]

/** With fewer operations a sample says more of its loop's beginning and end than of the operation. */
export const leastOperations = 10_000
/** A sample is so long at least that the clock costs nothing beside it, and so short that many are not interrupted by others. */
const leastSampleMs = 0.25
/** A sample of slow operations is not longer than this share of all of them, at the cost of having fewer operations. */
const longestSampleShare = 1 / 20
/** Passes over all loops, if there is time for as many: what drifts meets all of them alike. */
const mostPasses = 10
/** One there and one back. */
const leastPasses = 2

/** What the operations gave: nobody asks for it, but the optimiser does not know that. */
let used = 0
export const usedUp = (): number => used

/** Takes what a batch gave. */
export function use(value: number): void {
  used = (used ^ value) | 0
}

/**
 * Times an operation with tinybench: one pass to warm up, then some in which its loop, the loop of twice the work and the empty
 * ones take turns. Of one thread the first quartile of samples counts: what neighbours and garbage collections take only adds
 * to them. Of several it is the mean: that one waits for another, for a lock or for a CPU, is what they are measured for.
 *
 * @param together is called before each loop of a pass: where several threads measure, it lets them begin at once
 */
export async function sample(
  batches: Batches,
  { seconds, warmupSeconds }: Pace,
  threads: number,
  together: () => void,
): Promise<Sampled> {
  const centre = threads > 1 ? mean : quartile
  const longestNs = 1e9 * seconds * longestSampleShare
  const { operationsARound } = batches
  const roundsFor = (roundNs: number): number => roundsOf(roundNs, operationsARound, longestNs)
  together()
  const roughly = roundsFor(await estimateNs(batches.once, longestNs))
  const warm = await pass(batches, roughly, (1000 * warmupSeconds) / kinds.length, kinds, together)
  const rounds = roundsFor(quartile(warm.once))
  const taken: Record<Kind, number[]> = { once: [], twice: [], emptyOnce: [], emptyTwice: [] }
  // Threads that wait for one another have as many each.
  const passes = threads > 1 ? mostPasses : passesOf(quartile(warm.once) * rounds, 1e9 * seconds)
  const doublings: number[] = []
  for (let number = 0; number < passes; number++) {
    // To and fro: what gets faster while compilers are at work, or slower while garbage gathers, favours none of them.
    const order = number % 2 === 0 ? kinds : kinds.toReversed()
    const more = await pass(batches, rounds, (1000 * seconds) / passes / kinds.length, order, together)
    // An empty loop beside slow operations has a million samples: more than a call has room for.
    for (const kind of kinds) taken[kind] = taken[kind].concat(more[kind])
    doublings.push((centre(more.twice) - centre(more.emptyTwice)) / (centre(more.once) - centre(more.emptyOnce)))
  }
  const emptyNs = centre(taken.emptyOnce)
  return {
    onceNs: (centre(taken.once) - emptyNs) / operationsARound,
    doublings,
    emptyNs,
    samples: taken.once.length,
    operationsARound,
    operationsPerSample: rounds * operationsARound,
  }
}

/** As many passes as have time for a sample of each of the two loops that do something; an even number. */
function passesOf(sampleNs: number, allNs: number): number {
  const fitting = 2 * Math.floor(allNs / (2 * sampleNs) / 2)
  return Math.min(mostPasses, Math.max(leastPasses, fitting))
}

/** Rounds of a sample: of slow operations as many as fit. */
function roundsOf(roundNs: number, operationsARound: number, longestNs: number): number {
  const least = Math.ceil(leastOperations / operationsARound)
  const wanted = Math.max(least, Math.ceil((1e6 * leastSampleMs) / Math.max(roundNs, 0.1)))
  return Math.max(1, Math.min(wanted, Math.floor(longestNs / Math.max(roundNs, 0.1))))
}

/** ns a round takes, as far as can be told before it is warm. */
async function estimateNs(batch: Batch, longestNs: number): Promise<number> {
  for (let rounds = 1; ; rounds *= 4) {
    const startMs = performance.now()
    use(await batch(rounds))
    const tookNs = 1e6 * (performance.now() - startMs)
    if (tookNs >= Math.min(1e6, longestNs)) return tookNs / rounds
  }
}

/** Samples of each loop, in ns a round. */
async function pass(
  batches: Batches,
  rounds: number,
  timeMs: number,
  order: readonly Kind[],
  together: () => void,
): Promise<Record<Kind, number[]>> {
  const taken: Partial<Record<Kind, number[]>> = {}
  for (const kind of order) {
    together()
    const isAsync = batches.isAsync && (kind === 'once' || kind === 'twice')
    // As many operations a sample as of the other loop: what comes now and then, as collections do, then meets both alike.
    const isTwice = kind === 'twice' || kind === 'emptyTwice'
    taken[kind] = await samplesOf(batches[kind], isTwice ? Math.ceil(rounds / 2) : rounds, timeMs, isAsync)
  }
  return taken as Record<Kind, number[]>
}

async function samplesOf(batch: Batch, rounds: number, timeMs: number, isAsync: boolean): Promise<number[]> {
  const bench = new Bench({
    ...{ time: timeMs, iterations: 1, retainSamples: true, throws: true },
    // A pass of its own is the warm-up: of all four loops, so that none is measured while another is still being compiled.
    warmup: false,
  })
  const once = isAsync ? async (): Promise<void> => use(await batch(rounds)) : (): void => use(batch(rounds) as number)
  bench.add('a loop', once, { async: isAsync })
  const [task] = isAsync ? await bench.run() : bench.runSync()
  if (task?.result.state !== 'completed') throw new Error(`tinybench gave no result: ${task?.result.state}`)
  return (task.result.latency.samples ?? []).map((ms) => (1e6 * ms) / rounds)
}

/** The first quartile (the lower of the two that it may lie between). */
export const quartile = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)]!

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
