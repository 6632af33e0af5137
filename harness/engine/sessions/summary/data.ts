import type { LoadResult } from '../../port.ts'
import { groupTree, type SummaryGroup } from './groups.ts'
import type { TimeUnit } from './humanize.ts'
import { metricsOfK6 } from './metrics.ts'

/** What the script and the command line say of the summary. */
export interface SummarySettings {
  /** Statistics of trends, as `summaryTrendStats` names them. */
  trendStats: readonly string[]
  timeUnit: TimeUnit
  noColor: boolean
  isStdOutTTY: boolean
  isStdErrTTY: boolean
}

/** What handleSummary() is given: k6's shape. */
export interface SummaryData {
  root_group: SummaryGroup
  options: { summaryTrendStats: readonly string[]; summaryTimeUnit: TimeUnit; noColor: boolean }
  state: { isStdOutTTY: boolean; isStdErrTTY: boolean; testRunDurationMs: number }
  metrics: Record<string, SummaryDataMetric>
  /** What setup() returned; absent where there is none. */
  setup_data?: unknown
}

export interface SummaryDataMetric {
  type: string
  contains: string
  values: Record<string, number>
  thresholds?: Record<string, { ok: boolean }>
}

/** Made from the merged result alone, so that it can be made in another process than the script's. */
export function summaryData(result: LoadResult, settings: SummarySettings): SummaryData {
  const { trendStats, timeUnit, noColor, isStdOutTTY, isStdErrTTY } = settings
  const metrics = metricsOfK6(result, trendStats).map(
    ({ name, type, contains, values, thresholds }): [string, SummaryDataMetric] => [
      name,
      {
        type,
        contains,
        values: type === 'trend' ? pick(values, trendStats) : values,
        ...(thresholds.length > 0
          ? { thresholds: Object.fromEntries(thresholds.map(({ source, ok }) => [source, { ok }])) }
          : {}),
      },
    ],
  )
  return {
    root_group: groupTree(result),
    options: { summaryTrendStats: trendStats, summaryTimeUnit: timeUnit, noColor },
    state: { isStdOutTTY, isStdErrTTY, testRunDurationMs: result.endMs - result.startMs },
    metrics: Object.fromEntries(metrics),
    ...(result.setupJson == null ? {} : { setup_data: JSON.parse(result.setupJson) as unknown }),
  }
}

/** Without the percentiles that only a threshold asked for. */
const pick = (values: Record<string, number>, stats: readonly string[]): Record<string, number> =>
  Object.fromEntries(stats.map((stat) => [stat, values[stat]!]))
