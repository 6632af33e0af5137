import { UserError, unknownName } from '../../../errors.ts'
import { percentileOf } from '../../../metrics/stat.ts'
import type { TimeUnit } from '../summary/humanize.ts'

/** What k6 shows of trends unless `summaryTrendStats` says otherwise. */
export const defaultTrendStats = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']
const trendStats = ['avg', 'min', 'med', 'max', 'count']
const timeUnits = ['s', 'ms', 'us']

/** @throws UserError for what is no list of statistics of trends */
export function readTrendStats(raw: unknown): string[] {
  if (raw === undefined || raw === null) return defaultTrendStats
  if (!Array.isArray(raw))
    throw new UserError(
      `options.summaryTrendStats: expected a list such as ["med", "p(99)"], found ${JSON.stringify(raw)}`,
    )
  const stats = raw.map(String)
  const stranger = stats.find((stat) => !trendStats.includes(stat) && percentileOf(stat) === null)
  if (stranger !== undefined) throw unknownName('options.summaryTrendStats:', stranger, [...trendStats, 'p(N)'])
  return stats
}

/** The one unit in which the summary shows all times; empty: the one that fits each. @throws UserError for another */
export function readTimeUnit(raw: unknown): TimeUnit {
  if (raw === undefined || raw === null || raw === '') return ''
  if (timeUnits.includes(String(raw))) return raw as TimeUnit
  throw unknownName('options.summaryTimeUnit:', String(raw), timeUnits)
}
