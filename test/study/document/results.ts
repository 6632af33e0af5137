import type { ConditionName } from '../conditions.ts'
import { type Cell, type EvaluateOptions, evaluate, evaluateLaid, type Tally } from '../evaluate.ts'
import { type Independence, independenceOf } from '../independence.ts'
import type { MetricKey, StudyMetric } from '../metrics.ts'
import { metricOf, studyMetrics } from '../metrics.ts'
import { blocksOf, type Pool } from '../pool/pool.ts'
import type { Rule } from '../procedures/rule.ts'
import { type Rules, rulesFor } from '../procedures/table.ts'

/** What all pages and plots are made of. */
export interface Results {
  pool: Pool
  cells: readonly Cell[]
  /** The change of p99 that the targets speak of, laid on the pairs of identical servers. */
  laid: Cell | null
  independence: ReadonlyMap<MetricKey, Independence>
  rules: Rules
}

/** By how much stalls are to move p99, as ratio minus one. */
export const askedOfStalls = 0.2

/** All that follows from a pool: the same options give the same results. */
export const resultsOf = (pool: Pool, options: EvaluateOptions): Results => ({
  pool,
  cells: evaluate(pool, options),
  laid: evaluateLaid(pool, metricOf('p99'), askedOfStalls, options),
  independence: independenceOf(pool, options),
  rules: rulesFor(pool.secondsATrial),
})

export const cellOf = ({ cells }: Results, condition: ConditionName, metric: MetricKey): Cell | undefined =>
  cells.find((cell) => cell.condition === condition && cell.metric === metric)

/** The metrics that were recorded here, in the order of tables. */
export const metricsOf = ({ cells }: Results): StudyMetric[] =>
  studyMetrics.filter(({ key }) => cells.some(({ metric }) => metric === key))

export const tallyOf = (cell: Cell | undefined, rule: Rule): Tally | undefined => cell?.byRule.get(rule.name)

/** What so many pairs that can be used take, with those that cannot. @param cell whose pool tells how many these are; all can be used unless given */
export function minutesOf({ pool }: Results, pairs: number, cell?: Pick<Cell, 'pool'>): number {
  const usableShare = cell ? cell.pool / blocksOf(pool) : 1
  return (2 * pairs * pool.secondsATrial) / usableShare / 60
}

/** Minutes by which half of those that found it had found it; null where none did. */
export function medianMinutes(results: Results, cell: Cell, { pairsWhenWorse }: Tally): number | null {
  const middle = pairsWhenWorse[(pairsWhenWorse.length - 1) >> 1]
  return middle === undefined ? null : minutesOf(results, middle, cell)
}
