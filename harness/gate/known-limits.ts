import { unknownName } from '../errors.ts'
import { parseSubMetric } from '../metrics/selector.ts'
import { type DeclaredMetric, metricTable } from '../metrics/table.ts'
import { assertStatFitsKind, parseThreshold } from '../metrics/thresholds.ts'
import type { GateLimit } from '../record/schema.ts'

/**
 * Whether limits are on metrics that there may be, and on statistics that such metrics have: all that can be said before the
 * first trial.
 *
 * @param declared what the scenario's script declares itself
 * @throws UserError for the first that is not
 */
export function assertKnownLimits(limits: readonly GateLimit[], declared: readonly DeclaredMetric[]): void {
  const known = [...declared, ...metricTable]
  for (const { scenario, metric: key, expression } of limits) {
    const { metric } = parseSubMetric(key)
    const row = known.find(({ name }) => name === metric)
    if (!row)
      throw unknownName(
        `scenario "${scenario}": limit "${expression}": metric`,
        metric,
        known.map(({ name }) => name),
      )
    assertStatFitsKind(parseThreshold(expression), key, row.kind)
  }
}
