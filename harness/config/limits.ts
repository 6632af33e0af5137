import { UserError } from '../errors.ts'
import { parseSubMetric } from '../metrics/selector.ts'
import { percentileOf } from '../metrics/stat.ts'
import { metricTable } from '../metrics/table.ts'
import { assertStatFitsKind, parseThreshold } from '../metrics/thresholds.ts'

/**
 * Whether limits are such as their metrics can have. A script's own metrics are known once a trial has run: until then only those
 * of the table can be looked at.
 *
 * @param limits by metric, such as `http_req_duration{scenario:paced}` @param named how a message calls one
 * @throws UserError for the first that no load can meet or miss
 */
export function assertLimits(limits: Record<string, string[]>, named = (key: string): string => key): void {
  for (const [key, expressions] of Object.entries(limits)) {
    const row = metricTable.find(({ name }) => name === parseSubMetric(key).metric)
    for (const limit of expressions.map(parseThreshold)) {
      if (percentileOf(limit.stat) === 100)
        throw new UserError(`${named(key)}: "${limit.text}": no number of samples is enough for p(100): expected "max"`)
      if (row) assertStatFitsKind(limit, named(key), row.kind)
    }
  }
}
