import { evaluate, parseThreshold } from '../../metrics/thresholds.ts'
import type { Invalidity, RatePlan, Run, TrialRecord } from '../../record/schema.ts'
import { failureMargin } from '../failures.ts'
import { primaryId, reasonsAgainst } from '../pairs.ts'
import { numberOfTrial, recordable } from '../trial-number.ts'
import type { Try } from './rate-search.ts'

/** A try with why it came out as it did: what did not hold, or why it cannot be used; empty where all held. */
export interface ToldTry extends Try {
  trial: number
  why: string
}

/** The tries of a variant, in order. */
export function triesOf({ header, records }: Run, variant: string): ToldTry[] {
  const plan = header.saturation?.rate
  if (!plan) return []
  const rates = new Map(
    header.scenarios.flatMap(({ name, step }) => (step?.kind === 'rate' ? [[name, step.value] as const] : [])),
  )
  return records
    .filter((record) => record.variant === variant && rates.has(record.scenario))
    .map((record) => {
      const rate = rates.get(record.scenario)!
      return { rate, trial: record.trial, ...outcomeOf(record, plan, rate, recordable(header, record.scenario)) }
    })
}

/** Of a target that never answered nothing was observed: that it could not be started says nothing of the rate. */
const wasLoaded = ({ observations }: TrialRecord): boolean => observations.length > 0

type Outcome = Pick<ToldTry, 'outcome' | 'why'>
type Kinds = ReturnType<typeof recordable>

function outcomeOf(record: TrialRecord, { holds }: RatePlan, rate: number, kinds: Kinds): Outcome {
  if (record.failure?.stage === 'target' && wasLoaded(record)) return { outcome: 'failed', why: record.failure.message }
  const isFailedCheck = ({ code }: Invalidity): boolean => code === 'check-failed'
  const [reason] = reasonsAgainst({ ...record, invalid: record.invalid.filter((each) => !isFailedCheck(each)) }, {})
  if (reason !== undefined) return { outcome: 'unusable', why: reason }
  const arrivals = arrivalsOf(record)
  const offered = arrivals.ended + arrivals.dropped + arrivals.interrupted
  const expected = rate * secondsOf(record)
  if (expected > 0 && Math.abs(offered - expected) > offeredMargin * expected)
    return {
      outcome: 'unusable',
      why: `the load made ${offered} arrivals where ${Math.round(expected)} were asked for: expected a script that makes arrivals at a constant rate, which it takes from its variable`,
    }
  for (const what of ['dropped', 'interrupted'] as const) {
    const share = arrivals[what] / Math.max(1, offered)
    const words = what === 'dropped' ? 'dropped' : 'not answered before the load ended'
    if (share > failureMargin) return { outcome: 'failed', why: `${percent(share)} of arrivals were ${words}` }
  }
  // A target that does at this rate what the script says that it must not does not hold it.
  const failedCheck = record.invalid.find(isFailedCheck)
  if (failedCheck) return { outcome: 'failed', why: failedCheck.message }
  for (const limit of holds) {
    const crossed = heldAgainst(record, limit, kinds)
    if (crossed) return crossed
  }
  return { outcome: 'held', why: '' }
}

/** What is in the way of one limit; null: it holds. */
function heldAgainst(
  record: TrialRecord,
  { metric, expression }: RatePlan['holds'][number],
  kinds: Kinds,
): Outcome | null {
  const threshold = parseThreshold(expression)
  const id = primaryId(`${metric} ${threshold.stat}`)
  const value = numberOfTrial(record, id, kinds.get(id.metric) === 'counter')
  if (value === null)
    return { outcome: 'unusable', why: `${metric} has no ${threshold.stat} that may be used: too few samples, or none` }
  if (evaluate(threshold, { [threshold.stat]: value })) return null
  return { outcome: 'failed', why: `${metric} ${threshold.stat} was ${Number(value.toPrecision(4))}` }
}

/** A load that makes other arrivals than it was asked for, by more than this share, is of another rate. */
const offeredMargin = 0.05

/**
 * What became of the arrivals. Those for which no user was free were not served, nor those that had no answer when the load ended:
 * a rate that was not offered, or not answered, was not held.
 */
function arrivalsOf({ observations }: TrialRecord): Record<'ended' | 'dropped' | 'interrupted', number> {
  const count = (metric: string): number =>
    observations.find(
      (each) =>
        each.metric === metric && each.stat === 'count' && each.scenario === undefined && each.phase === undefined,
    )?.value ?? 0
  return {
    ended: count('iterations'),
    dropped: count('dropped_iterations'),
    interrupted: count('interrupted_iterations'),
  }
}

/** How long arrivals were made, where that is plain: 0 for a load of several parts. */
function secondsOf({ phases }: TrialRecord): number {
  const [only, ...others] = phases
  return only && others.length === 0 ? only.endS - only.startS : 0
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`
