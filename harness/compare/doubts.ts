import type { Better } from '../metrics/table.ts'
import { mean } from './estimate.ts'
import { whoseTrialsFail } from './failed-trials.ts'
import { doubtOfFailures } from './failures.ts'
import { formatPercent } from './figures.ts'
import type { ObservationId } from './observation-id.ts'
import type { Pair } from './pairs.ts'
import type { LogLook } from './take-looks.ts'
import type { UsablePair } from './usable-pairs.ts'
import { decideVerdict, type Margins, type Verdict, whyNoSide } from './verdict.ts'

export interface Doubtful {
  /** All pairs of the scenario ... */
  begun: readonly Pair[]
  /** ... and those that the verdict stands on. */
  used: readonly UsablePair[]
  /** The last look that was taken, if any. */
  last: LogLook | undefined
  /** What that look says. */
  verdict: Verdict
  id: ObservationId
  better: Better
  margins: Margins
  /** Valid pairs that the first look needs. */
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
      whyNotAlike(lower, upper, used, margins) ??
      (isBounded(lower, upper) ? null : 'no bound, since values are zero on one side')
    )
  const [a, b] = [used.map(({ baseline }) => baseline), used.map(({ variant }) => variant)]
  return doubtOfFailures(a, b, id.scope, verdict) ?? doubtOfTrials(begun, verdict)
}

const isBounded = (lower: number, upper: number): boolean => Number.isFinite(lower) && Number.isFinite(upper)

/** Why an interval that lies within the margin is not enough, see `decidePairs`. */
function whyNotAlike(lower: number, upper: number, used: readonly UsablePair[], margins: Margins): string | null {
  if (decideVerdict(lower, upper, 'none', margins) !== 'equivalent') return null
  const centre = mean(used.map(({ log }) => log!))
  if (!Number.isFinite(centre)) return 'some pairs have no ratio, since a value is zero'
  return `the mean of the pairs is ${formatPercent(Math.expm1(centre))}: some differ far more than those in the middle`
}

/** Trials that failed have no numbers: where one side's do more often, those that are left are its good days. */
function doubtOfTrials(begun: readonly Pair[], verdict: Verdict): string | null {
  const failing = whoseTrialsFail(begun, 0.025)
  const isRelief = failing?.side === 'A'
  if (!failing || (verdict === 'regressed' && !isRelief) || (verdict === 'improved' && isRelief)) return null
  return `${failing.words}, so the others prove nothing`
}
