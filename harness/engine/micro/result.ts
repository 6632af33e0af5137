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
  const doubling = meanOf(measured, ({ twiceNs }) => twiceNs) / timeNs
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
      ...value('micro_doubling_ratio', doubling),
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

function faultsOf(doubling: number): NonNullable<LoadResult['faults']> {
  if (doubling >= leastDoubling && doubling <= mostDoubling) return []
  const found = Number.isFinite(doubling) ? `${doubling.toFixed(2)} times as long` : 'no time that could be told'
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
