import { UserError, unknownName } from '../errors.ts'
import { parseSelector } from '../metrics/selector.ts'
import { whyNotOfKind } from '../metrics/stat.ts'
import { type DeclaredMetric, type MetricRow, metricTable } from '../metrics/table.ts'
import type { GateMetric } from '../record/schema.ts'

/**
 * Whether there may be gate metrics of these names and statistics: all that can be said before the first trial. What the
 * target gives of them is known after the first pair.
 *
 * @param declared what the scenario's script declares itself
 * @throws UserError for the first that there cannot be
 */
export function assertKnownMetrics(metrics: readonly GateMetric[], declared: readonly DeclaredMetric[]): void {
  for (const { scenario, metric } of metrics) {
    const { metric: name, stat } = parseSelector(metric)
    const where = `scenario "${scenario}": gate metric`
    const { kind } = knownMetric(where, name, declared)
    // Records have what a gauge reached, too.
    const why = kind === 'gauge' && stat === 'max' ? null : whyNotOfKind(kind, stat)
    if (why !== null) throw new UserError(`${where} "${metric}": ${why}`)
  }
}

/**
 * What is known of a metric that a trial is to have a number of.
 *
 * @param where who asks for it, as the beginning of a message
 * @throws UserError where nobody records it, or where it is a line over time and other metrics have its numbers
 */
export function knownMetric(where: string, name: string, declared: readonly DeclaredMetric[]): DeclaredMetric {
  const own = declared.find((each) => each.name === name)
  if (own) return own
  const row = metricTable.find((each) => each.name === name)
  if (!row)
    throw unknownName(
      where,
      name,
      [...declared, ...metricTable].map((each) => each.name),
    )
  if (!isLineAlone(row)) return row
  const numbers = metricTable.filter((each) => each.name.startsWith(`${name}_`)).map((each) => each.name)
  throw new UserError(
    `${where} "${name}" is a line over time, and no trial has one number of it. Expected one of: ${numbers.join(', ')}`,
  )
}

/** What weir looks at from time to time is charted; what engines count themselves has a last value, too. */
const isLineAlone = ({ kind, source }: MetricRow): boolean => kind === 'gauge' && source !== 'k6' && source !== 'engine'
