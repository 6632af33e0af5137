import type { Better } from '../metrics/table.ts'
import { mean } from './estimate.ts'
import { whoseTrialsFail } from './failed-trials.ts'
import { failureExcesses } from './failures.ts'
import { formatPercent } from './figures.ts'
import type { ObservationId } from './observation-id.ts'
import type { Pair } from './pairs.ts'
import type { LogLook } from './take-looks.ts'
import type { UsablePair } from './usable-pairs.ts'
import { type Margins, type Verdict, whyNoSide } from './verdict.ts'

export interface Doubtful {
  /** All pairs of the scenario ... */
  begun: readonly Pair[]
  /** ... and those that the verdict stands on. */
  used: readonly UsablePair[]
  /** The last look that was taken, if any. */
  last: LogLook | undefined
  /** What that look's interval says. */
  verdict: Verdict
  id: ObservationId
  better: Better
  margins: Margins
  /** Valid pairs that the first planned look needs. */
  firstLook: number
}

/** Why a verdict is not to be had, or not to be believed; null where it is as the interval says. */
export function doubtOf({ begun, used, last, verdict, id, better, margins, firstLook }: Doubtful): string | null {
  if (!last) return `too few pairs: ${used.length} can be used, the first look needs ${firstLook}`
  if (last.estimate === null) return 'no ratio, since values are zero now on one side and now on the other, or negative'
  if (!last.interval)
    return `too few pairs: ${used.length} cannot tell anything with the error that is left for this look`
  const { lower, upper } = last.interval
  if (verdict === 'inconclusive')
    return (
      whyNoSide(lower, upper, better, margins) ??
      (isBounded(lower, upper) ? null : 'no bound, since values are zero on one side')
    )
  return (
    (verdict === 'equivalent' ? doubtOfMean(used, margins.equivalence) : null) ??
    doubtOfFailures(used, verdict, id) ??
    doubtOfTrials(begun, verdict)
  )
}

const isBounded = (lower: number, upper: number): boolean => Number.isFinite(lower) && Number.isFinite(upper)

/**
 * The estimate stands in the middle, and what hits one pair in ten hardly moves it. It moves their mean: where that is not
 * within the margin, the two are not the same.
 */
function doubtOfMean(used: readonly UsablePair[], equivalence: number): string | null {
  const centre = mean(used.map(({ log }) => log!))
  if (Math.abs(centre) <= Math.log1p(equivalence)) return null
  if (!Number.isFinite(centre)) return 'some pairs have no ratio, since a value is zero'
  return `the mean of the pairs is ${formatPercent(Math.expm1(centre))}: some differ far more than those in the middle`
}

/** A regression is not withdrawn for less: so few failures of the baseline do not make it that much faster. */
const reliefMargin = 0.01

/** Who fails more often may be faster for it, so nothing that speaks for that side is believed, nor that both are alike. */
function doubtOfFailures(used: readonly UsablePair[], verdict: Verdict, id: ObservationId): string | null {
  const excesses = failureExcesses(
    used.map(({ baseline }) => baseline),
    used.map(({ variant }) => variant),
    id.scope,
    0.05,
  )
  const doubted = excesses.find(({ side, atLeast }) => {
    if (verdict === 'regressed') return side === 'A' && atLeast > reliefMargin
    return verdict === 'equivalent' || side === 'B'
  })
  return doubted ? `${doubted.words}, so its figures prove nothing` : null
}

/** Trials that failed have no numbers: where one side's do more often, those that are left are its good days. */
function doubtOfTrials(begun: readonly Pair[], verdict: Verdict): string | null {
  const failing = whoseTrialsFail(begun, 0.025)
  const isRelief = failing?.side === 'A'
  if (!failing || (verdict === 'regressed' && !isRelief) || (verdict === 'improved' && isRelief)) return null
  return `${failing.words}, so the others prove nothing`
}
