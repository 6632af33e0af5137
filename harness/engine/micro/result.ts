import type { LoadResult, MetricResult } from '../port.ts'
import type { MicroOptions } from './options.ts'
import { leastOperations } from './sampling.ts'
import type { Measured } from './thread.ts'

/** Twice the work takes twice the time, give or take what a machine with neighbours adds. */
const leastDoubling = 1.6
const mostDoubling = 2.4

export interface Times {
  startMs: number
  endMs: number
}

/** Less than so many times the loop of nothing, and it cannot be told whether anything was done in the loop at all. */
const leastOfEmptyLoop = 4

/** What all threads measured together, as an engine says it. */
export function resultOf(measured: readonly Measured[], { threads }: MicroOptions, times: Times): LoadResult {
  const timeNs = meanOf(measured, ({ onceNs }) => onceNs)
  const doubling = doublingOf(measured)
  const samples = measured.reduce((sum, each) => sum + each.samples, 0)
  const bytes = measured.flatMap((each) => each.bytes ?? [])
  const perSample = Math.min(...measured.map(({ operationsPerSample }) => operationsPerSample))
  const value = (metric: string, last: number): MetricResult[] =>
    Number.isFinite(last) ? [{ ...emptyMetric, metric, count: samples, last }] : []
  return {
    ...emptyResult,
    ...times,
    metrics: [
      ...value('time_per_op', timeNs),
      ...value('bytes_per_op', bytes.length < threads ? Number.NaN : meanOf(bytes, (each) => each)),
      ...value('ops_per_second', (1e9 * threads) / timeNs),
      ...value('micro_doubling_ratio', doubling.median),
      ...value(
        'micro_empty_loop',
        meanOf(measured, ({ emptyNs }) => emptyNs),
      ),
      ...value('micro_ops_per_sample', perSample),
    ],
    faults: [...faultsOf(doubling), ...hardlyMoreThanNothing(measured)],
    warnings: fewOperations(perSample),
  }
}

/** Of slow operations a sample cannot have as many, or there would be one sample: their numbers stand, and it is said. */
const fewOperations = (perSample: number): string[] =>
  perSample >= leastOperations
    ? []
    : [
        `an operation is so slow that a sample has fewer than ${leastOperations} of them (see micro_ops_per_sample): what its loop costs at its beginning and end counts in`,
      ]

/** How many times as long twice the work takes: the median over passes, with an interval for it at 95% or more. */
interface Doubling {
  median: number
  lower: number
  upper: number
}

/** By order statistics: of ten passes the second to the ninth (97.9%); of fewer than nine all, which say less the fewer they are. */
function doublingOf(measured: readonly Measured[]): Doubling {
  const passes = measured[0]!.doublings.map((_, pass) => meanOf(measured, ({ doublings }) => doublings[pass]!))
  const sorted = passes.toSorted((a, b) => a - b)
  const spared = sorted.length >= 9 ? 1 : 0
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return { median: meanOf(middle, (each) => each), lower: sorted[spared]!, upper: sorted.at(-1 - spared)! }
}

/** Where passes do not agree that it is out of bounds, a neighbour was at work, and not the optimiser. */
function faultsOf({ median, lower, upper }: Doubling): NonNullable<LoadResult['faults']> {
  if (upper >= leastDoubling && lower <= mostDoubling) return []
  const found = Number.isFinite(median) ? `${median.toFixed(2)} times as long` : 'no time that could be told'
  const message = `twice the work took ${found}, expected ${leastDoubling} to ${mostDoubling} times: the optimiser removed some of it, or something else kept the machine busy`
  return [{ code: 'work-not-proportional', message }]
}

/**
 * An operation whose value is always the same the optimiser may work out once, before the loop: what is then left of it in each
 * round is an addition, and twice as many of these take twice as long.
 */
function hardlyMoreThanNothing(measured: readonly Measured[]): NonNullable<LoadResult['faults']> {
  const roundNs = meanOf(measured, ({ onceNs, operationsARound }) => onceNs * operationsARound)
  const emptyNs = meanOf(measured, (each) => each.emptyNs)
  if (!(roundNs < leastOfEmptyLoop * emptyNs)) return []
  const message = `its work takes ${roundNs.toFixed(2)} ns a round, a loop of nothing ${emptyNs.toFixed(2)} ns: that is too little to tell whether the optimiser took it out of the loop`
  return [{ code: 'work-not-proportional', message }]
}

const meanOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / items.length

const emptyMetric = { kind: 'value', isTime: false, sum: 0, min: 0, max: 0, overS: 0 } as const

const emptyResult = {
  ...{ exitCode: 0, endedBecause: null, phases: [], maxVUs: 0, histograms: [], socketsAtPhaseEnd: {}, series: [] },
  ...{ thresholds: [], conditions: [], checks: [], generator: null },
}
