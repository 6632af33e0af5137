import { failureExcesses } from '../compare/failures.ts'
import { counted } from '../compare/figures.ts'
import { pairsOf } from '../compare/pairs.ts'
import type { ComparisonPlan, Run, TrialRecord } from '../record/schema.ts'

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
    [...failedTrials(run, plan, scenario), ...failedRequests(run, plan, scenario)].map((text) => ({ scenario, text })),
  )

type WholePair = Record<'baseline' | 'variant', TrialRecord>

const wholePairs = (run: Run, { variant: head }: ComparisonPlan, scenario: string): WholePair[] =>
  pairsOf(run, scenario, head).flatMap(({ baseline, variant }) => (baseline && variant ? [{ baseline, variant }] : []))

/** One-sided: five pairs in which the head alone fails, eight where it is the base in another. */
const trialError = 0.05

/**
 * Trials that came to no end, or in which what the script says must hold did not, have no numbers: what is left is a choice
 * of the head's good days. Pairs in which one side alone failed are held against the toss of a coin (the sign test).
 */
function failedTrials(run: Run, plan: ComparisonPlan, scenario: string): string[] {
  const pairs = wholePairs(run, plan, scenario)
  const ofHead = pairs.filter(({ variant }) => hasFailed(variant))
  const ofBase = pairs.filter(({ baseline }) => hasFailed(baseline))
  const both = ofHead.filter((pair) => ofBase.includes(pair)).length
  if (chanceOfTosses(ofHead.length - both, ofHead.length + ofBase.length - 2 * both) > trialError) return []
  const [first] = ofHead.flatMap(({ variant }) => failuresOf(variant))
  return [
    `${plan.variant} fails in ${ofHead.length} of ${counted(pairs.length, 'pair')}, ${plan.against} in ${ofBase.length} (${first})`,
  ]
}

const failuresOf = ({ failure, invalid }: TrialRecord): string[] => [
  ...(failure ? [failure.message] : []),
  ...invalid.filter(({ code }) => code === 'check-failed').map(({ message }) => message),
]

const hasFailed = (record: TrialRecord): boolean => failuresOf(record).length > 0

/** That at least so many of the tosses of a coin are heads. */
function chanceOfTosses(heads: number, tosses: number): number {
  let chance = 0.5 ** tosses
  let atMost = 0
  for (let tails = 0; tails <= tosses - heads; tails++) {
    atMost += chance
    chance *= (tosses - tails) / (tails + 1)
  }
  return atMost
}

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
