import { failureExcesses } from '../compare/failures.ts'
import { pairsOf } from '../compare/pairs.ts'
import type { ComparisonPlan, Run, TrialRecord } from '../record/schema.ts'
import { counted } from './words.ts'

/** A scenario in which the head fails more often than the base, whatever its other numbers say. */
export interface Failing {
  scenario: string
  /** `head fails more often (http_req_failed: 100% against 0%), 3 pairs` */
  text: string
}

/**
 * In what the head fails more often, over all pairs that were run: a server that answers every request with an error is fast,
 * and nobody is to wait for a look to be told.
 */
export const failingOf = (run: Run, plan: ComparisonPlan): Failing[] =>
  run.header.scenarios.flatMap(({ name: scenario }) =>
    failedRequests(run, plan, scenario).map((text) => ({ scenario, text })),
  )

type WholePair = Record<'baseline' | 'variant', TrialRecord>

const wholePairs = (run: Run, { variant: head }: ComparisonPlan, scenario: string): WholePair[] =>
  pairsOf(run, scenario, head).flatMap(({ baseline, variant }) => (baseline && variant ? [{ baseline, variant }] : []))

/** By chance alone a gate ends so no more often than a metric regresses. */
function failedRequests(run: Run, plan: ComparisonPlan, scenario: string): string[] {
  const ended = wholePairs(run, plan, scenario).filter((pair) => hasCounts(pair.baseline) && hasCounts(pair.variant))
  const [base, head] = [ended.map(({ baseline }) => baseline), ended.map(({ variant }) => variant)]
  return failureExcesses(base, head, {}, plan.alpha)
    .filter(({ side }) => side === 'B')
    .map(({ words }) => `${words}, ${counted(ended.length, 'pair')}`)
}

/** Numbers that are void since a condition of the script did not hold tell of failures all the same. */
const hasCounts = ({ failure, invalid }: TrialRecord): boolean =>
  !failure && invalid.every(({ code, scenario, phase }) => code === 'check-failed' || (scenario ?? phase) !== undefined)
