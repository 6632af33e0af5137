import type { Better, Unit } from '../metrics/table.ts'
import type { Run, RunHeader, Scope, TrialRecord } from '../record/schema.ts'
import { variantsUnder } from './cells.ts'
import { type Estimate, halfWidth, logRatios, meanWithInterval, medianWithRange, toRatioMinusOne } from './estimate.ts'
import { doubtOfFailures } from './failures.ts'
import type { WantedId } from './none-counted.ts'
import { isSame } from './observation-id.ts'
import { type ObservedId, observedIds } from './observed.ts'
import { type Pair, pairsOf, primaryId, usableValue } from './pairs.ts'
import { decideVerdict, smallestShowableEffect, type Verdict, whyNoSide } from './verdict.ts'
import { wantedId } from './wanted-id.ts'

/** One number of one variant beside the baseline's, over all pairs in which both may be used. */
export interface Comparison {
  variant: string
  against: string
  scenario: string
  metric: string
  stat: string
  scope: Scope
  unit: Unit
  better: Better
  /** The one metric of its scenario that gets a verdict here; none of a comparison pair by pair, whose gate metrics do. */
  primary: boolean
  /** Ratio minus one, B to A; null where no ratio exists (zero or negative values). Primary: mean of ln(B/A); others: median ratio. */
  estimate: number | null
  /** Primary: Student's t interval at 95%; others: the smallest and largest ratio of a pair. Null from one pair. */
  lower: number | null
  upper: number | null
  intervalKind: 't95' | 'range' | 'none'
  /** B - A in the unit of the metric, by the same method. */
  difference: Estimate
  /** Pairs that were used. */
  pairs: number
  /** Pairs that have begun and were not used: a trial failed, is invalid, is missing, or has not the number. */
  excludedPairs: number
  /** By pair, in order; null: not usable. */
  values: { baseline: (number | null)[]; variant: (number | null)[] }
  /** Primary metrics with two usable pairs or more; else null. */
  verdict: Verdict | null
  /** Ratio minus one, see `smallestShowableEffect`. Where there is a t interval of the ratio, and one side is better. */
  smallestEffect: number | null
  /** Why the verdict is not what the interval alone would say; null where it is. */
  doubt: string | null
}

export interface CampaignComparison {
  /** By scenario in the header's order; in it the primary metric, the script's own metrics, then as in the metric table. */
  comparisons: Comparison[]
  /** Pairs (a variant, a scenario, a block) whose primary metric could be compared, over all scenarios and variants ... */
  validPairs: number
  /** ... and those whose could not. */
  invalidPairs: number
}

/**
 * Compares every variant with the baseline, scenario by scenario. A number gets a row where at least one pair has it
 * usable on both sides.
 *
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export function compareRun(run: Run): CampaignComparison {
  const scenarios = run.header.scenarios.filter(isCompared).map((scenario) => compareScenario(run, scenario))
  return {
    comparisons: scenarios.flatMap(({ comparisons }) => comparisons),
    validPairs: sum(scenarios.map(({ validPairs }) => validPairs)),
    invalidPairs: sum(scenarios.map(({ invalidPairs }) => invalidPairs)),
  }
}

/** The tries of a search are of other rates for each variant, a cross-check is of one variant. */
const isCompared = ({ step }: RunHeader['scenarios'][number]): boolean =>
  step === undefined || step.kind === 'connections'

function compareScenario(run: Run, { name, primary }: RunHeader['scenarios'][number]): CampaignComparison {
  const primaryMetric = primaryId(primary)
  // A comparison of two variants has its verdicts elsewhere.
  const isPaired = run.header.comparison !== undefined
  const ids = observedIds(run, name, primaryMetric)
  const compared = withBaselines(
    variantsUnder(run.header, name)
      .filter((variant) => variant.name !== run.header.baseline)
      .map((variant) => ({ variant: variant.name, pairs: pairsOf(run, name, variant.name) })),
  )
  const wanted = wantedId({ scenario: name, metric: primary }, run)
  const usable = compared.flatMap(({ pairs }) => pairs.map((pair) => isUsable(pair, wanted)))
  return {
    comparisons: ids.flatMap((id) => {
      const isPrimary = !isPaired && isSame(id.example, primaryMetric)
      const ofBaselines = new Map(
        compared.map(({ baselines }) => [baselines, baselines.map((record) => usableValue(record, id))]),
      )
      return compared.flatMap(({ variant, pairs, baselines }) => {
        const subject = { variant, against: run.header.baseline, scenario: name }
        const values = {
          baseline: ofBaselines.get(baselines)!,
          variant: pairs.map((pair) => usableValue(pair.variant, id)),
        }
        return compareObservation(subject, id, values, isPrimary).map((row) => withDoubt(row, pairs, wanted))
      })
    }),
    validPairs: usable.filter(Boolean).length,
    invalidPairs: usable.filter((each) => !each).length,
  }
}

const isUsable = ({ baseline, variant }: Pair, id: WantedId): boolean =>
  usableValue(baseline, id) !== null && usableValue(variant, id) !== null

/** No variant improves, or is equivalent, while it fails more often than the baseline, nor regresses while that one does. */
function withDoubt(comparison: Comparison, pairs: readonly Pair[], primary: WantedId): Comparison {
  const { verdict } = comparison
  if (verdict === null || verdict === 'inconclusive') return comparison
  const used = pairs.filter((pair) => isUsable(pair, primary))
  const [a, b] = [used.map(({ baseline }) => baseline!), used.map(({ variant }) => variant!)]
  const doubt = doubtOfFailures(a, b, primary.scope, verdict)
  return doubt === null ? comparison : { ...comparison, verdict: 'inconclusive', doubt }
}

type Subject = Pick<Comparison, 'variant' | 'against' | 'scenario'>

type Baselines = readonly (TrialRecord | undefined)[]

/** Variants that ran in the same blocks have one list of their pairs' baselines: what follows from it is worked out, and kept, once. */
function withBaselines<Compared extends { pairs: readonly Pair[] }>(
  all: readonly Compared[],
): (Compared & { baselines: Baselines })[] {
  const lists: Baselines[] = []
  return all.map((compared) => {
    const own = compared.pairs.map(({ baseline }) => baseline)
    const known = lists.find((list) => list.length === own.length && list.every((record, at) => record === own[at]))
    if (!known) lists.push(own)
    return { ...compared, baselines: known ?? own }
  })
}

/** One row, or none where no pair can be used. */
function compareObservation(
  subject: Subject,
  id: ObservedId,
  values: Comparison['values'],
  primary: boolean,
): Comparison[] {
  const [a, b]: [number[], number[]] = [[], []]
  for (let pair = 0; pair < values.variant.length; pair++) {
    const [ofA, ofB] = [values.baseline[pair]!, values.variant[pair]!]
    if (ofA === null || ofB === null) continue
    a.push(ofA)
    b.push(ofB)
  }
  if (a.length === 0) return []
  const { metric, stat, scope, example } = id
  const facts = { ...subject, metric, stat, scope, unit: example.unit, better: example.better, primary }
  const counts = { pairs: a.length, excludedPairs: values.variant.length - a.length, values }
  return [{ ...facts, ...(primary ? decide(a, b, example.better) : describe(a, b)), ...counts }]
}

type Statistics = Pick<
  Comparison,
  'estimate' | 'lower' | 'upper' | 'intervalKind' | 'difference' | 'verdict' | 'smallestEffect' | 'doubt'
>

/** The primary metric: estimate, t interval, verdict. */
function decide(a: number[], b: number[], better: Better): Statistics {
  const difference = meanWithInterval(differences(a, b))
  const logs = logRatios(a, b)
  const isInterval = a.length > 1
  if (logs === null) return { ...noRatio, difference, verdict: isInterval ? 'inconclusive' : null }
  const log = meanWithInterval(logs)
  const ratio = toRatioMinusOne(log)
  if (log.lower === null || log.upper === null) return { ...noRatio, ...ratio, difference }
  return {
    ...ratio,
    intervalKind: 't95',
    difference,
    verdict: decideVerdict(log.lower, log.upper, better),
    smallestEffect: better === 'none' ? null : smallestShowableEffect(halfWidth(logs)),
    doubt: whyNoSide(log.lower, log.upper, better),
  }
}

/** Every other metric: what was seen, without a verdict. */
function describe(a: number[], b: number[]): Statistics {
  const difference = medianWithRange(differences(a, b))
  const logs = logRatios(a, b)
  if (logs === null) return { ...noRatio, difference }
  const ratio = medianWithRange(logs.map(Math.expm1))
  return { ...noRatio, ...ratio, intervalKind: ratio.lower === null ? 'none' : 'range', difference }
}

const noRatio = {
  estimate: null,
  lower: null,
  upper: null,
  intervalKind: 'none',
  verdict: null,
  smallestEffect: null,
  doubt: null,
} as const

const differences = (a: number[], b: number[]): number[] => b.map((value, pair) => value - a[pair]!)

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0)
