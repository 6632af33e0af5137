import { isCompared } from './observation.ts'
import type { CorpusScript } from './scripts.ts'

/** A metric in what `--out json` wrote. */
export interface MetricSeen {
  type: string
  contains: string
  thresholds: string[]
  submetrics: string[]
  /** How many samples, and what they come to, by tag set: `check=one scenario=default` -> `3`, `3 (sum 2)`. */
  samples: Record<string, string>
}

interface Line {
  type: 'Metric' | 'Point'
  metric: string
  data: {
    type: string
    contains: string
    thresholds: string[]
    submetrics: { suffix: string }[] | null
    value: number
    tags: Record<string, string> | null
    metadata?: Record<string, string>
  }
}

export function readPoints(
  text: string,
  { comparesBytes }: Pick<CorpusScript, 'comparesBytes'>,
): Record<string, MetricSeen> {
  const lines = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line) // biome-ignore format: one pipe
  const metrics: Record<string, MetricSeen> = {}
  const compared = lines.filter(({ metric }) => isCompared(metric))
  for (const { metric, type, data } of compared) if (type === 'Metric') metrics[metric] = { ...toMetric(data), samples: {} }
  const values = Map.groupBy(compared.filter(({ type }) => type === 'Point'), seriesOf) // biome-ignore format: one pipe
  for (const points of values.values()) {
    const { metric, data } = points[0]!
    const samples = (metrics[metric] ??= { type: 'unknown', contains: '', thresholds: [], submetrics: [], samples: {} }).samples
    const values = points.map(({ data }) => data.value)
    samples[tagsOf(data)] = metric.startsWith('data_')
      ? describeBytes(values, comparesBytes)
      : describeValues(metrics[metric], metric, values)
  }
  return Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1)))
} // biome-ignore format: one step a line

const seriesOf = ({ metric, data }: Line): string => `${metric} ${tagsOf(data)}`

const toMetric = ({ type, contains, thresholds, submetrics }: Line['data']): Omit<MetricSeen, 'samples'> => ({
  type,
  contains,
  thresholds,
  submetrics: (submetrics ?? []).map(({ suffix }) => suffix).sort(),
})

const tagsOf = ({ tags, metadata }: Line['data']): string =>
  Object.entries({ ...tags, ...(metadata ?? {}) })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(' ')

/** k6 has samples of connections, weir of requests: only the sum is the same, where nothing but the script decides it. */
const describeBytes = (values: number[], isExact: boolean): string =>
  isExact ? `sum ${values.reduce((a, b) => a + b, 0)}` : 'some'

/** Of times only how many samples there were, of everything else the values too. */
function describeValues({ type, contains }: MetricSeen, metric: string, values: number[]): string {
  const isOwn = !/^(http_req|iteration|group_duration|ws_|browser_|grpc_|dropped)/.test(metric)
  if (type === 'trend' && (!isOwn || contains === 'time')) return `${values.length}`
  if (type === 'trend' || type === 'gauge') return `${values.length}: ${values.sort((a, b) => a - b).join(' ')}`
  return `${values.length}, sum ${values.reduce((a, b) => a + b, 0)}`
}
