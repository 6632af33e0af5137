import { type Better, describeMetric, type Unit } from '../metrics/table.ts'
import type { RunHeader, Scope } from '../record/schema.ts'
import type { Comparison } from './campaign.ts'
import { type Column, groupByWidth, layOut, plain, widthOf } from './columns.ts'
import { median } from './estimate.ts'
import { formatDifference, formatPercent, formatValue } from './figures.ts'
import type { ObservationId } from './observation-id.ts'

/** What tells whether a number is a headline. */
export type HeadlineNumber = Pick<Comparison, 'metric' | 'stat' | 'scope' | 'unit' | 'better' | 'primary'>

/** One line of the descriptive table: the same number of every variant. */
export interface HeadlineRow<N extends HeadlineNumber = Comparison> {
  label: string
  comparisons: N[]
  /** What the generator says of itself: to be read beside the numbers, and no effect of a variant. */
  isSelfCheck: boolean
}

/** Of several statistics of a metric the first of these is shown. */
const statsByInterest = ['p(99)', 'p(95)', 'p(90)', 'p(50)', 'med', 'rate', 'value', 'count', 'avg', 'max']

/** What a generator says of itself is no effect of a variant. */
export const isSelfCheck = (metric: string): boolean => describeMetric(metric).source === 'generator'

/** Of what is counted the rate is shown; where fewer is better, how many there were. */
export const statOfCounter = (better: Better): string => (better === 'lower' ? 'count' : 'rate')

/**
 * The few numbers that stand under the verdicts of a scenario: one of each headline metric, taken over what the
 * primary metric is taken over where there is such a one, else over the last part of the load. Throughput is shown for each part of the load, since the
 * part that measures capacity is seldom the part that measures latency.
 *
 * @param comparisons of one scenario, in row order
 */
export function headlineRows<N extends HeadlineNumber>(comparisons: N[], primary: ObservationId): HeadlineRow<N>[] {
  const others = comparisons.filter((each) => !each.primary && isHeadline(each))
  const metrics = [...new Set(others.map(({ metric }) => metric))]
  return metrics.flatMap((metric) =>
    rowsOfMetric(
      others.filter((each) => each.metric === metric),
      primary,
    ),
  )
}

/** A script's own metric has no row in the table: its kind is read off its statistic and unit. */
function isHeadline({ metric, stat, unit }: HeadlineNumber): boolean {
  const kind = stat.startsWith('p(') ? 'trend' : unit === 'share' ? 'rate' : 'value'
  return describeMetric({ name: metric, kind, isTime: kind === 'trend' && unit === 'ms' }).rank === 'headline'
}

function rowsOfMetric<N extends HeadlineNumber>(comparisons: N[], primary: ObservationId): HeadlineRow<N>[] {
  const [first] = comparisons
  const isCounter = first !== undefined && describeMetric(first.metric).kind === 'counter'
  const byInterest = isCounter ? [statOfCounter(first.better), ...statsByInterest] : statsByInterest
  const stat = byInterest.find((name) => comparisons.some((each) => each.stat === name))
  const candidates = comparisons.filter((each) => each.stat === stat)
  const parts = [...new Set(candidates.map(({ scope }) => partOf(scope)))]
  const isThroughput = candidates.some(({ unit, better }) => unit === 'per second' && better === 'higher')
  const home = partOf(primary.scope)
  const preferred = parts.includes(home) ? home : parts.includes('') ? '' : parts.at(-1)
  const shown = isThroughput && parts.length > 1 ? parts.filter((part) => part !== '') : [preferred]
  return shown.flatMap((part) => {
    const ofPart = candidates.filter(({ scope }) => partOf(scope) === part)
    if (!ofPart[0]) return []
    const label = labelOf(ofPart[0], parts.length > 1 ? part : '')
    return [{ label, comparisons: ofPart, isSelfCheck: isSelfCheck(ofPart[0].metric) }]
  })
}

/** A k6 scenario and the phase that it fills have one name. */
const partOf = ({ scenario, phase }: Scope): string => scenario ?? phase ?? ''

/** `Event-loop delay p(99)`, `Iterations, capacity`: the table's label without its explanation. */
function labelOf({ metric, stat }: HeadlineNumber, part = ''): string {
  const [label] = describeMetric(metric).label.split(':')
  return [label, /^(p\(|avg|med|max)/.test(stat) ? ` ${stat}` : '', part ? `, ${part}` : ''].join('')
}

/**
 * The descriptive table: headline metrics as rows, variants as columns; of the baseline the value, of the others the
 * change, or the difference where no ratio exists; of self-checks the values of all. Variants that do not fit beside each other go below.
 */
export function headlineTable(
  comparisons: Comparison[],
  { variants, baseline }: Pick<RunHeader, 'variants' | 'baseline'>,
  primary: ObservationId,
  width: number,
): string[] {
  const rows = headlineRows(comparisons, primary)
  if (rows.length === 0) return []
  const values = figuresColumn(baseline, rows, baselineValue)
  const changes = variants
    .filter(({ name }) => name !== baseline)
    .map(({ name }) => figuresColumn(name, rows, (row) => changeOf(row, name)))
  const labelWidth = Math.min(24, Math.floor(width / 3))
  const labels: Column = {
    title: 'descriptive',
    align: 'left',
    minWidth: labelWidth,
    cells: rows.map(({ label }) => label),
  }
  const groups = groupByWidth(changes, width - labelWidth - widthOf(values) - 2)
  return groups.flatMap((group, index) => [...(index > 0 ? [''] : []), ...layOut([labels, values, ...group], width)])
}

function figuresColumn(variant: string, rows: HeadlineRow[], figureOf: (row: HeadlineRow) => string): Column {
  const cells = rows.map(figureOf)
  // The name may be shortened, a number never.
  return { title: plain(variant), align: 'right', minWidth: Math.max(9, ...cells.map((cell) => cell.length)), cells }
}

const baselineValue = ({ comparisons: [first] }: HeadlineRow): string =>
  first ? formatMedian(first.values.baseline, first.unit) : '-'

function changeOf({ comparisons, isSelfCheck }: HeadlineRow, variant: string): string {
  const comparison = comparisons.find((each) => each.variant === variant)
  if (!comparison) return '-'
  const { estimate, difference, unit, values } = comparison
  if (isSelfCheck) return formatMedian(values.variant, unit)
  return estimate === null ? formatDifference(difference.estimate, unit) : formatPercent(estimate)
}

function formatMedian(values: readonly (number | null)[], unit: Unit): string {
  const usable = values.filter((value) => value !== null)
  return usable.length > 0 ? formatValue(median(usable), unit) : '-'
}
