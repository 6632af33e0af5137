import type { CrossCheckPlan, Run } from '../../record/schema.ts'
import { type Estimate, logRatios, meanWithInterval, toRatioMinusOne } from '../estimate.ts'
import { primaryId, usableValue } from '../pairs.ts'

/** What two engines measured of the same thing. */
export interface CrossCheck extends CrossCheckPlan {
  /** Ratio minus one, the sweep's engine to the other; null where no pair can be used. */
  difference: Estimate | null
  usedPairs: number
  /** By engine, in the order of `scenarios`: operations a second, pair by pair. */
  values: { first: number[]; second: number[] }
  /**
   * agree: the interval lies within the limit. differ: it lies outside. unclear: it reaches over it, or there is none.
   */
  outcome: 'agree' | 'differ' | 'unclear'
}

/** Holds the pairs of a run's cross-check against one another; null where it has none planned. */
export function crossCheckOf({ header, records }: Run): CrossCheck | null {
  const plan = header.saturation?.crossCheck
  if (!plan) return null
  const [first, second] = plan.scenarios.map((name) => {
    const id = primaryId(header.scenarios.find((scenario) => scenario.name === name)!.primary)
    const own = records.filter((record) => record.scenario === name)
    return new Map(own.map((record) => [record.key.pair, usableValue(record, id)]))
  })
  const pairs = [...first!].flatMap(([pair, value]) => {
    const other = second!.get(pair)
    return value && other ? [[value, other] as const] : []
  })
  const values = { first: pairs.map(([value]) => value), second: pairs.map(([, value]) => value) }
  const logs = logRatios(values.second, values.first)
  const difference = logs && logs.length > 0 ? toRatioMinusOne(meanWithInterval(logs)) : null
  return { ...plan, difference, usedPairs: pairs.length, values, outcome: outcomeOf(difference, plan.within) }
}

function outcomeOf(difference: Estimate | null, within: number): CrossCheck['outcome'] {
  const { lower = null, upper = null } = difference ?? {}
  if (lower === null || upper === null) return 'unclear'
  if (lower > within || upper < -within) return 'differ'
  return lower >= -within && upper <= within ? 'agree' : 'unclear'
}
