import { whoseTrialsFail } from '../compare/failed-trials.ts'
import { failureExcesses } from '../compare/failures.ts'
import { counted } from '../compare/figures.ts'
import { type Pair, pairsOf } from '../compare/pairs.ts'
import { errorOfFailures } from '../compare/scenario-states.ts'
import type { ComparisonPlan, Run, TrialRecord } from '../record/schema.ts'

/** A scenario in which the head fails more often than the base, whatever its other numbers say. */
export interface Failing {
  scenario: string
  /** `head fails more often (http_req_failed: 100% against 0%), 3 pairs` */
  text: string
}

/**
 * In what the head fails more often, over all pairs that were run: a server that answers every request with an error is fast,
 * and nobody is to wait for a look to be told. By chance alone a gate ends so no more often than its metrics regress.
 */
export const failingOf = (run: Run, plan: ComparisonPlan): Failing[] =>
  run.header.scenarios.flatMap(({ name: scenario }) => {
    const pairs = pairsOf(run, scenario, plan.variant)
    const error = errorOfFailures(run.header)
    const ofTrials = whoseTrialsFail(pairs, error)
    const texts = [...(ofTrials?.side === 'B' ? [ofTrials.words] : []), ...failedRequests(pairs, 2 * error)]
    return texts.map((text) => ({ scenario, text }))
  })

/** @param error two-sided */
function failedRequests(pairs: readonly Pair[], error: number): string[] {
  const ended = pairs.flatMap(({ baseline, variant }) =>
    baseline && variant && hasCounts(baseline) && hasCounts(variant) ? [{ baseline, variant }] : [],
  )
  const [base, head] = [ended.map(({ baseline }) => baseline), ended.map(({ variant }) => variant)]
  return failureExcesses(base, head, {}, error)
    .filter(({ side }) => side === 'B')
    .map(({ words }) => `${words}, ${counted(ended.length, 'pair')}`)
}

/** Numbers that are void since a condition of the script did not hold tell of failures all the same. */
const hasCounts = ({ failure, invalid }: TrialRecord): boolean =>
  !failure && invalid.every(({ code, scenario, phase }) => code === 'check-failed' || (scenario ?? phase) !== undefined)
