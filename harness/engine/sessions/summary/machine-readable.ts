import type { LoadResult } from '../../port.ts'
import type { SummarySettings } from './data.ts'
import { metricsOfK6, type SummaryMetric } from './metrics.ts'
import { checksOf, checkTotals } from './sections.ts'

interface Origin {
  /** Text of the script. */
  script: string
  version: string
  generatedAt: Date
}

/** What `--new-machine-readable-summary` makes `--summary-export` write. */
export function machineReadableSummary(
  result: LoadResult,
  { trendStats }: Pick<SummarySettings, 'trendStats'>,
  { script, version, generatedAt }: Origin,
): Record<string, unknown> {
  const metrics = metricsOfK6(result, trendStats)
  const checks = metrics.find(({ name }) => name === 'checks')
  return {
    config: { duration: (result.endMs - result.startMs) / 1000, execution: 'local', script },
    metadata: { generated_at: generatedAt.toISOString(), k6_version: version },
    results: {
      checks: checks
        ? {
            metrics: checkTotals(checks).map(toReadable),
            results: checksOf(result).map(({ name, passes, fails }) => ({ fails, name, passes })),
          }
        : {},
      metrics: metrics.filter(({ name }) => name !== 'checks' && name !== 'group_duration').map(toReadable),
    },
    version: '1.0.0',
  }
}

const toReadable = ({ name, type, contains, values }: SummaryMetric): Record<string, unknown> => ({
  contains,
  name,
  type,
  values: readableValues(type, values),
})

function readableValues(type: string, values: Record<string, number>): Record<string, number> {
  switch (type) {
    case 'counter':
      return { count: values.count! }
    case 'rate':
      return { matches: values.passes!, rate: values.rate!, total: values.passes! + values.fails! }
    case 'gauge':
      return values
    default:
      return readableTrend(values)
  }
}

/** Percentiles go by plain names, and there are only these. */
const trendNames = [['avg'], ['max'], ['med'], ['min'], ['p(90)', 'p90'], ['p(95)', 'p95']] as const

const readableTrend = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    trendNames.flatMap(([stat, name = stat]) => (values[stat] === undefined ? [] : [[name, values[stat]]])),
  )
