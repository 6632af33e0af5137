import { knownMetric } from '../compare/known-metrics.ts'
import { parseSubMetric } from '../metrics/selector.ts'
import type { DeclaredMetric } from '../metrics/table.ts'
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
  for (const { scenario, metric: key, expression } of limits) {
    const { metric } = parseSubMetric(key)
    const { kind } = knownMetric(`scenario "${scenario}": limit "${expression}": metric`, metric, declared)
    assertStatFitsKind(parseThreshold(expression), key, kind)
  }
}
