import { createHash } from 'node:crypto'
import { decodeHistogram } from '../../metrics/histogram.ts'
import type { StoredHistogram, ThresholdResult } from '../../record/schema.ts'
import type { LoadResult, MetricResult } from '../port.ts'

interface Row {
  name: string
  metric: MetricResult
  histogram: StoredHistogram | undefined
}

/** Metrics over the whole load, sub-metrics behind their metric, by name. */
function rowsOf(result: LoadResult): Row[] {
  return result.metrics
    .filter((metric) => metric.scenario === undefined && metric.phase === undefined)
    .map((metric) => ({
      name: metric.metric,
      metric,
      histogram: result.histograms.find((other) => other.metric === metric.metric && other.scenario === undefined),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** k6 statistics of a trend by name, in the metric's unit. */
function trendStats({ metric, histogram }: Row, stats: readonly string[]): Record<string, number> {
  const decoded = histogram ? decodeHistogram(histogram.data) : null
  const percentile = (percent: number): number => {
    if (!decoded || !histogram) return 0
    return Math.min(metric.max, Math.max(metric.min, decoded.getValueAtPercentile(percent) / histogram.scale))
  }
  const values: Record<string, number> = {}
  for (const stat of stats) {
    if (stat === 'avg') values[stat] = metric.count > 0 ? metric.sum / metric.count : 0
    else if (stat === 'min') values[stat] = metric.min
    else if (stat === 'max') values[stat] = metric.max
    else if (stat === 'med') values[stat] = percentile(50)
    else if (stat === 'count') values[stat] = metric.count
    else values[stat] = percentile(Number(/^p\((.+)\)$/.exec(stat)?.[1] ?? Number.NaN))
  }
  return values
}

/** The flat format of `k6 run --summary-export`; of a threshold `true` says that it failed, odd as that is. @param stats what is told of trends */
export function summaryExport(result: LoadResult, stats: readonly string[]): Record<string, unknown> {
  const metrics: Record<string, unknown> = {}
  for (const row of rowsOf(result)) {
    const thresholds = result.thresholds.filter((threshold) => threshold.metric === row.name)
    metrics[row.name] = {
      ...exportedValues(row, stats),
      ...(thresholds.length > 0
        ? { thresholds: Object.fromEntries(thresholds.map(({ expression, passed }) => [expression, !passed])) }
        : {}),
    }
  }
  return { root_group: groupTree(result), metrics }
}

function exportedValues(row: Row, stats: readonly string[]): Record<string, number> {
  const { metric } = row
  switch (metric.kind) {
    case 'trend':
      return trendStats(row, stats)
    case 'counter':
      return { count: metric.sum, rate: metric.overS > 0 ? metric.sum / metric.overS : 0 }
    case 'rate':
      return {
        passes: metric.sum,
        fails: metric.count - metric.sum,
        value: metric.count > 0 ? metric.sum / metric.count : 0,
      }
    default:
      return { value: metric.last, min: metric.min, max: metric.max }
  }
}

interface Group {
  name: string
  path: string
  id: string
  groups: Record<string, Group>
  checks: Record<string, { name: string; path: string; id: string; passes: number; fails: number }>
}

function groupTree(result: LoadResult): Group {
  const root = emptyGroup('', '')
  for (const check of result.checks) {
    const names = check.path
      .slice(0, check.path.length - check.name.length - 2)
      .split('::')
      .filter(Boolean)
    const group = names.reduce(
      (parent, name) => (parent.groups[name] ??= emptyGroup(name, `${parent.path}::${name}`)),
      root,
    )
    group.checks[check.name] = {
      name: check.name,
      path: check.path,
      id: md5(check.path),
      passes: check.passes,
      fails: check.fails,
    }
  }
  return root
}

const emptyGroup = (name: string, path: string): Group => ({ name, path, id: md5(path), groups: {}, checks: {} })

/** The text at the end of a test, arranged as k6's is. @param stats what is shown of trends */
export function summaryText(result: LoadResult, stats: readonly string[]): string {
  const sections = [
    thresholdLines(result.thresholds),
    checkLines(result),
    metricLines(result, stats),
    warningLines(result),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function thresholdLines(thresholds: ThresholdResult[]): string[] {
  if (thresholds.length === 0) return []
  return [
    '  THRESHOLDS',
    ...thresholds.map(({ metric, expression, passed }) => `    ${passed ? '✓' : '✗'} ${metric}: ${expression}`),
  ]
}

function checkLines({ checks }: LoadResult): string[] {
  if (checks.length === 0) return []
  const lines = checks.map(({ path, passes, fails }) => {
    const name = path.split('::').filter(Boolean).join(' › ')
    const share = Math.floor((100 * passes) / (passes + fails))
    return fails === 0 ? `    ✓ ${name}` : `    ✗ ${name}  (${share}%: ${passes} passed, ${fails} failed)`
  })
  return ['  CHECKS', ...lines]
}

function metricLines(result: LoadResult, stats: readonly string[]): string[] {
  const rows = rowsOf(result)
  const width = Math.max(...rows.map(({ name }) => name.length)) + 4
  return ['  METRICS', ...rows.map((row) => `    ${`${row.name}${' '}`.padEnd(width, '.')}: ${describe(row, stats)}`)]
}

function describe(row: Row, stats: readonly string[]): string {
  const { metric } = row
  switch (metric.kind) {
    case 'trend':
      return Object.entries(trendStats(row, stats))
        .map(([stat, value]) =>
          `${stat}=${metric.isTime && stat !== 'count' ? formatMs(value) : formatNumber(value)}`.padEnd(
            stat.length + 10,
          ),
        )
        .join(' ')
        .trimEnd()
    case 'counter': {
      const isBytes = metric.metric.startsWith('data_')
      const format = isBytes ? formatBytes : formatNumber
      return `${format(metric.sum)} ${format(metric.overS > 0 ? metric.sum / metric.overS : 0)}/s`
    }
    case 'rate':
      return `${metric.count > 0 ? ((100 * metric.sum) / metric.count).toFixed(2) : '0.00'}% ${metric.sum} of ${metric.count}`
    default:
      return `${formatNumber(metric.last)} min=${formatNumber(metric.min)} max=${formatNumber(metric.max)}`
  }
}

const warningLines = ({ warnings }: LoadResult): string[] =>
  warnings.length === 0 ? [] : ['  WARNINGS', ...warnings.map((warning) => `    ${warning}`)]

function formatMs(ms: number): string {
  if (ms === 0) return '0s'
  if (ms < 1) return `${Number((ms * 1000).toPrecision(4))}µs`
  if (ms < 1000) return `${Number(ms.toFixed(2))}ms`
  return `${Number((ms / 1000).toFixed(2))}s`
}

const formatNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const index = Math.min(units.length - 1, bytes >= 1000 ? Math.floor(Math.log10(bytes) / 3) : 0)
  return `${Number((bytes / 1000 ** index).toPrecision(3))} ${units[index]}`
}

/** k6 names groups and checks by the MD5 of their path. */
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
