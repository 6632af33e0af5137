import { unknownName } from '../errors.ts'
import { parseSelector } from '../metrics/selector.ts'
import { type DeclaredMetric, metricTable } from '../metrics/table.ts'
import type { GateMetric } from '../record/schema.ts'

/**
 * Whether there may be gate metrics of these names: all that can be said before the first trial. What the target gives of
 * them is known after the first pair.
 *
 * @param declared what the scenario's script declares itself
 * @throws UserError for the first that there cannot be
 */
export function assertKnownMetrics(metrics: readonly GateMetric[], declared: readonly DeclaredMetric[]): void {
  const names = [...declared, ...metricTable].map(({ name }) => name)
  for (const { scenario, metric } of metrics) {
    const { metric: name } = parseSelector(metric)
    if (!names.includes(name)) throw unknownName(`scenario "${scenario}": gate metric`, name, names)
  }
}
