import { evaluate, parseThreshold } from '../../metrics/thresholds.ts'
import type { RatePlan, Run, TrialRecord } from '../../record/schema.ts'
import { failureMargin } from '../failures.ts'
import { primaryId, reasonsAgainst, usableValue } from '../pairs.ts'
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
    .map((record) => ({ rate: rates.get(record.scenario)!, trial: record.trial, ...outcomeOf(record, plan) }))
}

function outcomeOf(record: TrialRecord, { holds }: RatePlan): Pick<ToldTry, 'outcome' | 'why'> {
  if (record.failure?.stage === 'target') return { outcome: 'failed', why: record.failure.message }
  const [reason] = reasonsAgainst(record, {})
  if (reason !== undefined) return { outcome: 'unusable', why: reason }
  const left = droppedShare(record)
  if (left > failureMargin) return { outcome: 'failed', why: `${percent(left)} of arrivals were dropped` }
  for (const { metric, expression } of holds) {
    const threshold = parseThreshold(expression)
    const value = usableValue(record, primaryId(`${metric} ${threshold.stat}`))
    if (value === null)
      return {
        outcome: 'unusable',
        why: `${metric} has no ${threshold.stat} that may be used: too few samples, or none`,
      }
    if (!evaluate(threshold, { [threshold.stat]: value }))
      return { outcome: 'failed', why: `${metric} ${threshold.stat} was ${Number(value.toPrecision(4))}` }
  }
  return { outcome: 'held', why: '' }
}

/** Arrivals for which no user was free were not served: a rate that was not offered was not held. */
function droppedShare({ observations }: TrialRecord): number {
  const count = (metric: string): number =>
    observations.find(
      (each) =>
        each.metric === metric && each.stat === 'count' && each.scenario === undefined && each.phase === undefined,
    )?.value ?? 0
  const dropped = count('dropped_iterations')
  return dropped === 0 ? 0 : dropped / (dropped + count('iterations'))
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`
