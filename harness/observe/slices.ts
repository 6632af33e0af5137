import type { Observation, Slice } from '../record/schema.ts'
import type { OutsideSample, ProbeSample, TargetObservation } from '../target/port.ts'
import { observation, observeTarget, seriesOfTarget, valueAt } from './target.ts'

/** A slice of the load on one of the servers that take turns, as it was watched; times are CLOCK_MONOTONIC ms. */
export interface WatchedSlice {
  startMs: number
  endMs: number
  /** Nothing was under way any more. */
  drainedMs: number
  /** CPU time that the server used between the looks right before the slice and right after its drain; null: not seen. */
  cpuMs: number | null
}

export interface SlicedTarget {
  slices: readonly WatchedSlice[]
  outside: readonly OutsideSample[]
  inside: readonly ProbeSample[]
  /** Counted from before each slice to behind its drain, all slices together. */
  instructions: { count: number } | { unavailable: string }
}

export interface SlicedContext {
  bootMs: number | null
  cores: number
  phase: string
  /** Operations of all slices, those that ended in a drain included: what costs are divided by. */
  operations: number
}

/**
 * The numbers of a record that were read off a server that is under load by turns, and its series, on the time axis of its
 * own slices. Work that an operation causes is its own also where it ends in the drain: costs are what was used from the start
 * of each slice to the end of its drain, divided by all operations. How busy the core was is told of the same time, because
 * the kernel's counters are up to a tick behind while a thread runs, and right when it waits. Memory is that of the slices
 * without drains.
 */
export function observeSlices(target: SlicedTarget, context: SlicedContext): SlicedNumbers {
  const { slices, instructions } = target
  const { bootMs, cores, phase, operations } = context
  const observed: TargetObservation = {
    outside: outsideInSlices(target.outside, slices),
    inside: insideInSlices(target.inside, slices),
    instructions: { unavailable: 'counted from slice to slice' },
  }
  const endS = lengthMs(slices) / 1000
  // Costs are taken from drain to drain, and so not by the phase.
  const phases = [{ name: phase, startS: 0, endS, operations: 0 }]
  const perOperation = (metric: string, value: number | null): Observation[] =>
    value === null || operations === 0 ? [] : [observation(metric, 'value', value / operations, phase, operations)]
  const ofLoad = observeTarget(observed, { bootMs, cores, loadStartMs: 0, phases, sessions: null })
  return {
    observations: [
      ...ofLoad.filter(({ metric }) => !seenOtherwise.includes(metric)),
      ...heapBetween(target, phase),
      ...coreBusy(target, cores, phase),
      ...perOperation('target_cpu_per_op', ownCpuMs(slices)),
      ...perOperation('target_instructions_per_op', 'count' in instructions ? instructions.count : null),
      ...idleCpu(target, phase),
    ],
    series: seriesOfTarget({ ...observed, outside: farApart(observed.outside) }, 0),
    wholeSecondsInside: observed.inside.length,
  }
}

export interface SlicedNumbers {
  observations: Observation[]
  series: ReturnType<typeof seriesOfTarget>
  /** Seconds of the probe inside that lie within slices. */
  wholeSecondsInside: number
}

/** As a record states them: seconds since `zeroMs`. */
export const storedSlices = (slices: readonly WatchedSlice[], zeroMs: number): Slice[] => {
  const seconds = (ms: number): number => Math.round(ms - zeroMs) / 1000
  return slices.map(({ startMs, endMs, drainedMs }) => ({
    startS: seconds(startMs),
    endS: seconds(endMs),
    drainedS: seconds(drainedMs),
  }))
}

const lengthMs = (slices: readonly WatchedSlice[]): number =>
  totalOf(slices.map(({ startMs, endMs }) => endMs - startMs))

function ownCpuMs(slices: readonly WatchedSlice[]): number | null {
  return slices.reduce<number | null>(
    (sum, { cpuMs }) => (sum === null || cpuMs === null ? null : sum + cpuMs),
    slices.length === 0 ? null : 0,
  )
}

const heapPeak = 'target_heap_used_peak'
const coreShares = ['target_core_busy', 'target_cpu_stolen'] as const
const seenOtherwise: readonly string[] = [heapPeak, ...coreShares]

/** From the start of each slice to the end of its drain. */
function coreBusy({ slices, outside }: SlicedTarget, cores: number, phase: string): Observation[] {
  const ownMs = ownCpuMs(slices)
  const stolenMs = slices.map(({ startMs, drainedMs }) => {
    const [before, after] = [valueAt(outside, 'stolenMs', startMs), valueAt(outside, 'stolenMs', drainedMs)]
    return before === null || after === null ? 0 : after - before
  })
  const wholeMs = totalOf(slices.map(({ startMs, drainedMs }) => drainedMs - startMs))
  if (ownMs === null || wholeMs === 0) return []
  const [busy, stolen] = [ownMs / wholeMs / cores, totalOf(stolenMs) / wholeMs]
  return [busy, stolen].map((share, at) => observation(coreShares[at]!, 'value', share, phase))
}

const totalOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** From the first slice to the end of the last, whoever had the turn: a heap has a size at any time. */
function heapBetween({ slices, inside }: SlicedTarget, phase: string): Observation[] {
  const [first, last] = [slices[0], slices.at(-1)]
  if (!first || !last) return []
  const heapsMB = inside
    .filter(({ atMs }) => atMs >= first.startMs && atMs <= last.drainedMs)
    .map(({ heapUsedBytes }) => heapUsedBytes / 1e6)
  return heapsMB.length === 0 ? [] : [observation(heapPeak, 'value', Math.max(...heapsMB), phase)]
}

/** What the server used between its slices, while another had its turn: it should be next to nothing. */
function idleCpu({ slices, outside }: SlicedTarget, phase: string): Observation[] {
  const [first, last, ownMs] = [slices[0], slices.at(-1), ownCpuMs(slices)]
  if (!first || !last || ownMs === null) return []
  const [before, after] = [valueAt(outside, 'cpuMs', first.startMs), valueAt(outside, 'cpuMs', last.drainedMs)]
  const turnsMs = totalOf(slices.map(({ startMs, drainedMs }) => drainedMs - startMs))
  const idleMs = last.drainedMs - first.startMs - turnsMs
  if (before === null || after === null || idleMs <= 0) return []
  return [observation('target_cpu_between', 'value', Math.max(0, after - before - ownMs) / idleMs, phase)]
}

const counters = ['cpuMs', 'waitMs', 'stolenMs', 'voluntarySwitches', 'involuntarySwitches'] as const
type Counters = Pick<OutsideSample, (typeof counters)[number]>

/** Looks within slices and at their bounds, as if nothing lay between slices: time and counters go on where they stood. */
function outsideInSlices(samples: readonly OutsideSample[], slices: readonly WatchedSlice[]): OutsideSample[] {
  const joined: OutsideSample[] = []
  let beforeMs = 0
  let sums: Counters = { cpuMs: 0, waitMs: 0, stolenMs: 0, voluntarySwitches: 0, involuntarySwitches: 0 }
  for (const { startMs, endMs } of slices) {
    const start = sampleAt(samples, startMs)
    const end = sampleAt(samples, endMs)
    if (!start || !end) continue
    const moved = (sample: OutsideSample): OutsideSample => ({
      ...sample,
      ...Object.fromEntries(counters.map((field) => [field, sums[field] + sample[field] - start[field]])),
      atMs: beforeMs + sample.atMs - startMs,
    })
    const within = samples.filter(({ atMs }) => atMs > startMs && atMs < endMs)
    const own = [...(joined.length === 0 ? [start] : []), ...within, end].map(moved)
    joined.push(...own)
    sums = own.at(-1)!
    beforeMs += endMs - startMs
  }
  return joined
}

/** There are looks at both ends of each slice, of which a line over time would draw hundreds. */
const leastApartMs = 250

function farApart(samples: readonly OutsideSample[]): OutsideSample[] {
  let dueMs = Number.NEGATIVE_INFINITY
  return samples.filter(({ atMs }) => {
    const isDue = atMs >= dueMs
    if (isDue) dueMs = atMs + leastApartMs
    return isDue
  })
}

/** The look nearest to a moment, with the counters as they were then. */
function sampleAt(samples: readonly OutsideSample[], atMs: number): OutsideSample | null {
  const nearest = samples.reduce<OutsideSample | null>(
    (best, sample) => (best && Math.abs(best.atMs - atMs) <= Math.abs(sample.atMs - atMs) ? best : sample),
    null,
  )
  const values = counters.map((field) => [field, valueAt(samples, field, atMs)] as const)
  if (!nearest || values.some(([, value]) => value === null)) return null
  return { ...nearest, ...Object.fromEntries(values), atMs }
}

/** Of the seconds that the probe tells those that lie wholly within a slice: the others are of two minds. */
function insideInSlices(samples: readonly ProbeSample[], slices: readonly WatchedSlice[]): ProbeSample[] {
  let beforeMs = 0
  return slices.flatMap(({ startMs, endMs }) => {
    const shiftMs = beforeMs - startMs
    beforeMs += endMs - startMs
    return samples
      .filter(({ atMs, intervalMs }) => atMs - intervalMs >= startMs && atMs <= endMs)
      .map((sample) => ({ ...sample, atMs: sample.atMs + shiftMs }))
  })
}
