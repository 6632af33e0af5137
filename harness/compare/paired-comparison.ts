import { UserError } from '../errors.ts'
import type { Better, Unit } from '../metrics/table.ts'
import type { ComparisonPlan, GateMetric, Run } from '../record/schema.ts'
import { doubtOf } from './doubts.ts'
import type { Estimate } from './estimate.ts'
import { firstLookOf, isSpent, lookLevels } from './looks.ts'
import { unitAndSideOf, type WantedId } from './none-counted.ts'
import { type OtherComparison, otherComparisons } from './other-comparisons.ts'
import type { PairedEstimate } from './paired-estimate.ts'
import { type Pair, pairsOf } from './pairs.ts'
import { signFlipP } from './sign-flip.ts'
import { centreWithInterval } from './signed-rank.ts'
import { type LogLook, takeLooks } from './take-looks.ts'
import { type UsablePair, usablePairs } from './usable-pairs.ts'
import { decidePairs, smallestShowableEffect, type Verdict } from './verdict.ts'
import { wantedId } from './wanted-id.ts'

/** What the pairs of a comparison say of one gate metric, as of the last look that was taken at them. */
export interface PairedComparison extends PairedEstimate {
  /** Of this look's interval: 1 less the part of the error that it used. Null where there is no interval. */
  confidence: number | null
  verdict: Verdict
  /** Ratio minus one, see `smallestShowableEffect`. Null where there is no interval, or no side is better. */
  smallestEffect: number | null
  /** Of the sign-flip randomisation test over the same pairs, two-sided. */
  signFlipP: number | null
  looks: PairedLook[]
  /** Why the verdict is not what the interval alone would say, or why there is no interval; else null. */
  doubt: string | null
}

/** One look; estimate and bounds as ratios minus one. */
export interface PairedLook {
  pairs: number
  /** The part of the error that it used; 0: so few pairs could not tell anything with what it was given. */
  alpha: number
  estimate: number | null
  lower: number | null
  upper: number | null
  verdict: Verdict
}

export interface ComparisonResult {
  /** The gate metrics in the plan's order. */
  comparisons: PairedComparison[]
  /** Every other metric of the scenarios, for description: no verdict, all usable pairs. */
  others: OtherComparison[]
  /** Pairs that count for every gate metric of their scenario, over all scenarios ... */
  validPairs: number
  /** ... and those that have begun and do not count for at least one. */
  invalidPairs: number
  seed: number
  /** Every gate metric has a verdict other than `inconclusive`, or would have but for a doubt: more pairs change nothing. */
  isDecided: boolean
}

/**
 * The verdicts of a comparison, from its header and records alone.
 *
 * @throws UserError where the run is no comparison, or a metric of its plan cannot be read
 */
export function comparePairs(run: Run): ComparisonResult {
  const plan = planOf(run)
  const looked = plan.metrics.map((metric) => lookAtMetric(run, plan, metric))
  const counts = pairCounts(looked)
  return {
    comparisons: looked.map((each) => toComparison(each, run, plan)),
    others: otherComparisons(run, plan),
    ...counts,
    seed: run.header.seed,
    isDecided: looked.every(isSettled),
  }
}

/** The gate metrics alone, in the plan's order: what a comparison that goes on looks at after each pair. @throws UserError as `comparePairs` */
export function compareGateMetrics(run: Run): PairedComparison[] {
  const plan = planOf(run)
  return plan.metrics.map((metric) => toComparison(lookAtMetric(run, plan, metric), run, plan))
}

/** Whether the pairs so far decide every gate metric, so that no further pair is needed. @throws UserError as `comparePairs` */
export function isDecided(run: Run): boolean {
  const plan = planOf(run)
  return plan.metrics.every((metric) => isSettled(lookAtMetric(run, plan, metric)))
}

function planOf({ header }: Run): ComparisonPlan {
  if (header.comparison) return header.comparison
  throw new UserError(
    `run ${header.id} is no comparison: expected "comparison" in its run.json, as weir compare writes it`,
  )
}

interface LookedAt {
  metric: GateMetric
  id: WantedId
  unit: Unit
  better: Better
  begun: Pair[]
  usable: UsablePair[]
  looks: LogLook[]
}

function lookAtMetric(run: Run, plan: ComparisonPlan, metric: GateMetric): LookedAt {
  const id = wantedId(metric, run)
  const { unit, better } = unitAndSideOf(id)
  const begun = pairsOf(run, metric.scenario, plan.variant)
  const usable = usablePairs(begun, id)
  const levels = lookLevels(plan.looks, plan.alpha / plan.metrics.length, isSpent(plan) ? usable.length : undefined)
  return {
    metric,
    id,
    unit,
    better,
    begun,
    usable,
    looks: takeLooks(
      usable.map(({ log }) => log),
      levels,
      (interval, logs) => decidePairs(logs, interval, better, metric.margins),
    ),
  }
}

const isSettled = ({ looks }: LookedAt): boolean => (looks.at(-1)?.verdict ?? 'inconclusive') !== 'inconclusive'

function toComparison(looked: LookedAt, run: Run, plan: ComparisonPlan): PairedComparison {
  const { metric, id, unit, better, begun, usable, looks } = looked
  const last = looks.at(-1)
  const used = usable.slice(0, last?.pairs)
  const verdict = last?.verdict ?? 'inconclusive'
  const { margins } = metric
  const doubt = doubtOf({ begun, used, last, verdict, id, better, margins, firstLook: firstLookOf(plan) })
  return {
    variant: plan.variant,
    against: plan.against,
    scenario: metric.scenario,
    metric: metric.metric,
    unit,
    better,
    ...figuresOf(last, looked),
    difference: differenceOf(used, last),
    pairs: used.length,
    excludedPairs: begun.length - usable.length,
    verdict: doubt === null ? verdict : 'inconclusive',
    signFlipP: last?.estimate == null ? null : signFlipOf(used, run.header.seed),
    looks: looks.map(toPairedLook),
    doubt,
  }
}

/** Null where a pair has no finite ratio: a sum with it tells nothing. */
function signFlipOf(used: readonly UsablePair[], seed: number): number | null {
  const logs = used.map(({ log }) => log!)
  return logs.every(Number.isFinite) ? signFlipP(logs, seed) : null
}

function figuresOf(look: LogLook | undefined, { metric: { margins }, better }: LookedAt) {
  const { interval = null, error = 0 } = look ?? {}
  const half = interval && (interval.upper - interval.lower) / 2
  return {
    ...(look ? ratiosOf(look) : { estimate: null, lower: null, upper: null }),
    confidence: interval && 1 - error,
    smallestEffect:
      half === null || !Number.isFinite(half) || better === 'none' ? null : smallestShowableEffect(half, margins),
  }
}

/** From nothing to something is no ratio. */
const ratiosOf = ({ estimate, interval }: LogLook) => ({
  estimate: ratioOf(estimate),
  lower: interval && ratioOf(interval.lower),
  upper: interval && ratioOf(interval.upper),
})

const ratioOf = (log: number | null): number | null =>
  log === null || log === Number.POSITIVE_INFINITY ? null : Math.expm1(log)

const toPairedLook = (look: LogLook): PairedLook => ({
  pairs: look.pairs,
  alpha: look.error,
  ...ratiosOf(look),
  verdict: look.verdict,
})

function differenceOf(used: readonly UsablePair[], look: LogLook | undefined): Estimate | null {
  if (used.length === 0) return null
  return centreWithInterval(
    used.map(({ a, b }) => b - a),
    look?.error ?? 0,
  )
}

function pairCounts(looked: readonly LookedAt[]): { validPairs: number; invalidPairs: number } {
  const scenarios = [...new Set(looked.map(({ metric }) => metric.scenario))]
  const counts = scenarios.map((scenario) => {
    const of = looked.filter(({ metric }) => metric.scenario === scenario)
    const valid = of[0]!.begun.filter(({ pair }) => of.every(({ usable }) => usable.some((each) => each.pair === pair)))
    return { valid: valid.length, begun: of[0]!.begun.length }
  })
  const validPairs = counts.reduce((sum, { valid }) => sum + valid, 0)
  return { validPairs, invalidPairs: counts.reduce((sum, { begun }) => sum + begun, 0) - validPairs }
}
