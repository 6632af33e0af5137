import { parseSelector } from '../metrics/selector.ts'
import { percentileOf } from '../metrics/stat.ts'
import type { Observation, Run, RunHeader, Scope, TrialRecord } from '../record/schema.ts'
import { covers, isWhole, type SparedNumber, spares } from './invalidity.ts'
import { layoutOf, placeOf } from './layout.ts'
import { isNoneCounted, type WantedId } from './none-counted.ts'
import { isSame, type ObservationId, scopeOf } from './observation-id.ts'

/** Two trials adjacent in time: the baseline and what is compared with it. One of them may be missing. */
export interface Pair {
  /** 1-based, as in the records' keys. */
  pair: number
  baseline: TrialRecord | undefined
  variant: TrialRecord | undefined
}

/**
 * The pairs of one variant under one scenario, in order: every pair of the scenario that has begun, and of those beyond the
 * run's blocks the ones that it was wanted for. A trial that was run again replaces the earlier one.
 */
export function pairsOf(run: Run, scenario: string, variant: string): Pair[] {
  const records = run.records.filter((record) => record.scenario === scenario)
  return pairNumbers(run.header, records, [variant]).map((pair) => {
    const inPair = records.filter(({ key }) => key.pair === pair)
    return {
      pair,
      baseline: inPair.findLast(({ key }) => key.side === 'A'),
      variant: inPair.findLast((record) => record.key.side === 'B' && record.variant === variant),
    }
  })
}

/** @param wanted a pair beyond the run's blocks counts where a trial of one of these variants is in it */
export function pairNumbers(
  { blocks }: RunHeader,
  ofScenario: readonly TrialRecord[],
  wanted: readonly string[],
): number[] {
  const begun = ofScenario.filter(({ key, variant }) => key.pair <= blocks || wanted.includes(variant))
  return [...new Set(begun.map(({ key }) => key.pair))].sort((a, b) => a - b)
}

const isSound = ({ failure, invalid }: TrialRecord): boolean => !failure && invalid.length === 0

/**
 * Why a record's numbers over this scope may not be used; empty where they may.
 * @param what the scope, or one number over it: some of what is wrong spares that
 */
export function reasonsAgainst(record: TrialRecord, what: Scope & Partial<SparedNumber>): string[] {
  if (isSound(record)) return []
  const failure = record.failure ? [record.failure.message] : []
  const invalid = record.invalid.filter((each) => covers(each, what) && !spares(each, what))
  return [...failure, ...invalid.map(({ message }) => message)]
}

/** The same of the number that is meant, be it observed or not. */
export const reasonsAgainstId = (record: TrialRecord, id: ObservationId): string[] =>
  reasonsAgainst(record, observationOf(record, id) ?? id.scope)

/** What is one number a trial and no statistic of the load (boot time) does not suffer from a fault of one part. */
function reasonsAgainstOne(record: TrialRecord, observation: Observation): string[] {
  if (record.invalid.length === 0 || observation.stat !== 'value' || !isWhole(observation))
    return reasonsAgainst(record, observation)
  return reasonsAgainst({ ...record, invalid: record.invalid.filter(isWhole) }, {})
}

/**
 * The number that may be compared, or null: not observed, of too few samples, or of a trial that may not be used. What
 * nobody counted is 0, see `isNoneCounted`.
 */
export function usableValue(record: TrialRecord | undefined, id: WantedId): number | null {
  if (!record) return null
  const observation = observationOf(record, id)
  if (!observation) return isNoneCounted(record, id) && reasonsAgainst(record, id.scope).length === 0 ? 0 : null
  const isUsable =
    // Nearly all records are sound; a large run has half a million numbers.
    isSound(record)
      ? Number.isFinite(observation.value) && hasEnoughSamples(observation)
      : reasonsAgainstObservation(record, observation).length === 0
  return isUsable ? observation.value : null
}

/** The number that is meant, usable or not. */
export function observationOf({ observations }: TrialRecord, id: ObservationId): Observation | undefined {
  const place = placeOf(layoutOf(observations), id)
  const found = place === undefined ? undefined : observations[place]
  // Who changed the list meanwhile gets what is there now.
  return found && isSame(found, id) ? found : observations.find((each) => isSame(each, id))
}

/** Why a number of a record may not be compared; empty where it may. */
export function reasonsAgainstObservation(record: TrialRecord, observation: Observation): string[] {
  const { value, stat, n } = observation
  return [
    ...(Number.isFinite(value) ? [] : ['not a number']),
    ...(hasEnoughSamples(observation) ? [] : [`too few samples for ${stat} (${n ?? 'not counted'})`]),
    ...reasonsAgainstOne(record, observation),
  ]
}

/**
 * A tail percentile stands on the few samples beyond it: from p(99) on at least 3.7 of them are asked for, which is
 * 370 samples in all for p(99) and 3,700 for p(99.9). Where nobody counted the samples, there are none.
 */
export function hasEnoughSamples({ stat, n = 0 }: Pick<Observation, 'stat' | 'n'>): boolean {
  const percentile = percentileOf(stat)
  // The last of them is the maximum, which any sample has.
  if (percentile === null || percentile < 99 || percentile >= 100) return true
  // Rounded, since 100 - 99.9 is not exactly 0.1.
  return n >= Math.round(370 / (100 - percentile))
}

/** What a scenario's `primary` means: `turn_intended_duration{scenario:paced} p(50)`. Throws UserError as the parser does. */
export function primaryId(primary: string): ObservationId {
  const { metric, tags, stat } = parseSelector(primary)
  return { metric, stat, scope: scopeOf(tags) }
}
