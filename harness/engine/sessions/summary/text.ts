import type { CheckResult } from '../../../record/schema.ts'
import type { LoadResult } from '../../port.ts'
import { groupParts } from './full.ts'
import { type Look, metricLines, thresholdValue } from './layout.ts'
import { parentOf, type SummaryMetric, summaryMetrics } from './metrics.ts'
import type { Paint } from './paint.ts'
import { checksOf, checkTotals, type SummaryMode, sectionsOf } from './sections.ts'

/** One part of the text: the totals, a group or a k6 scenario. */
export interface Part {
  title: string
  metrics: SummaryMetric[]
  checks: Omit<CheckResult, 'path'>[]
  inner: Part[]
}

export interface TextSettings extends Look {
  mode: SummaryMode
  paint: Paint
}

/** The text at the end of a test, arranged as k6 does. */
export function summaryText(result: LoadResult, settings: TextSettings): string {
  const metrics = summaryMetrics(result, settings.stats)
  const total: Part = { title: 'TOTAL RESULTS', metrics, checks: checksOf(result), inner: [] }
  const overS = (result.endMs - result.startMs) / 1000
  const parts = [total, ...(settings.mode === 'full' ? groupParts(result, settings.stats) : [])]
  const lines = [
    ...thresholdLines(metrics, settings),
    ...parts.flatMap((part) => [...partLines(part, 1, overS, settings), '']),
    ...warningLines(result, settings),
  ]
  return `\n${lines.join('\n')}`
}

const indent = (level: number, text: string): string => `${'  '.repeat(level)}${text}`
const title = (text: string, { paint }: TextSettings): string => `█ ${paint.bold(text)} `

function thresholdLines(metrics: readonly SummaryMetric[], settings: TextSettings): string[] {
  const judged = metrics.filter(({ thresholds }) => thresholds.length > 0)
  if (judged.length === 0) return []
  const names = new Set(judged.map(({ name }) => name))
  const lines = judged.flatMap((metric) => {
    const parent = parentOf(metric.name)
    // A sub-metric stands below its metric, if that has thresholds as well.
    const isBelow = parent !== metric.name && names.has(parent)
    const level = isBelow ? 3 : 2
    return [
      indent(level, isBelow ? metric.name.slice(parent.length) : metric.name),
      ...metric.thresholds.map((threshold) => indent(level, thresholdLine(metric, threshold, settings))),
      '',
    ]
  })
  return [indent(1, title('THRESHOLDS', settings)), '', ...lines, '']
}

function thresholdLine(
  metric: SummaryMetric,
  { source, ok }: { source: string; ok: boolean },
  { paint, timeUnit }: TextSettings,
): string {
  const mark = ok ? paint.good('✓') : paint.bad('✗')
  return `${mark} ${paint.white(`'${source.trim()}'`)} ${thresholdValue(metric, source, timeUnit, paint)}`
}

/** @param level how far in: 1 at the outside */
function partLines(part: Part, level: number, overS: number, settings: TextSettings): string[] {
  const heading = level === 1 ? title(part.title, settings) : `↳ ${settings.paint.bold(part.title)} `
  const sections = sectionsOf(part.metrics, settings.mode)
  const among = sections.flatMap(({ metrics }) => metrics)
  return [
    indent(level, heading),
    '',
    ...checkLines(part, level, overS, settings),
    ...sections.flatMap(({ title: name, metrics }) => [
      indent(level + 1, settings.paint.bold(name)),
      ...metricLines(metrics, among, settings, settings.paint).map((line) => indent(level + 1, line)),
      '',
    ]),
    ...part.inner.flatMap((inner) => partLines(inner, level + 1, overS, settings)),
  ]
}

function checkLines({ metrics, checks }: Part, level: number, overS: number, settings: TextSettings): string[] {
  const metric = metrics.find(({ name }) => name === 'checks')
  if (!metric || checks.length === 0) return []
  const totals = checkTotals(metric, overS)
  return [
    ...metricLines(totals, totals, settings, settings.paint).map((line) => indent(level + 1, line)),
    '',
    ...checks.flatMap((check) => checkLine(check, level, settings)),
    '',
  ]
}

function checkLine(
  { name, passes, fails }: Omit<CheckResult, 'path'>,
  level: number,
  { paint }: TextSettings,
): string[] {
  if (fails === 0) return [indent(level + 1, paint.good(`✓ ${name}`))]
  const percent = Math.floor((100 * passes) / (passes + fails))
  const counts = `↳  ${percent}% — ✓ ${passes} / ✗ ${fails}`
  return [indent(level + 1, paint.bad(`✗ ${name}`)), indent(2 * level + 1, paint.bad(counts))]
}

const warningLines = ({ warnings }: LoadResult, settings: TextSettings): string[] =>
  warnings.length === 0
    ? []
    : [
        indent(1, title('WARNINGS', settings)),
        '',
        ...warnings.map((warning) => indent(2, warning.replaceAll('\n', '\n    '))),
        '',
      ]
