import { clip, layOut, plain, wrap } from './columns.ts'
import { formatDifference, formatPercent, formatValue } from './figures.ts'
import { sparkline } from './sparkline.ts'
import type { TableOptions } from './table.ts'
import { commitOf, type MachineTrends, type Trend, type TrendChange } from './trends.ts'

/** The terminal's view of a history: machine by machine each number as a line of bars, then where it changed. */
export function formatTrends(machines: readonly MachineTrends[], { width }: Pick<TableOptions, 'width'>): string {
  const sections = machines.flatMap((machine) => [heading(machine, machines.length, width), ...tables(machine, width)])
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function heading({ machine, runs, trends }: MachineTrends, machines: number, width: number): string[] {
  const { fingerprint, cpu, cores, node } = machine
  const alone = machines === 1 ? [] : wrap(`one of ${machines} machines, whose numbers are never put together`, width)
  const changes = trends.reduce((sum, trend) => sum + trend.changes.length, 0)
  return [
    clip(`machine ${fingerprint}: ${runs} ${runs === 1 ? 'run' : 'runs'}, ${changes} change points`, width),
    clip(`  ${plain(cpu)}, ${cores} cores, Node ${node}`, width),
    ...alone,
  ]
}

function tables({ trends }: MachineTrends, width: number): string[][] {
  const titles = [...new Set(trends.map(titleOf))]
  return titles.map((title) => {
    const rows = trends.filter((trend) => titleOf(trend) === title)
    const notes = rows.flatMap((trend) => trend.changes.map((change) => changeInWords(trend, change)))
    return [
      clip(title, width),
      ...tableOf(rows, width),
      ...(notes.length > 0 ? ['', ...notes.flatMap((note) => wrap(plain(note), width))] : []),
    ]
  })
}

const titleOf = ({ scenario, variant, load }: Trend): string => plain(`${scenario}, ${variant} (${load})`)

const mostBars = 24

function tableOf(rows: readonly Trend[], width: number): string[] {
  const last = ({ points }: Trend) => points.at(-1)!.value
  return layOut(
    [
      { title: 'metric', align: 'left', minWidth: 20, cells: rows.map(({ metric }) => plain(metric)) },
      {
        title: 'trend',
        align: 'right',
        cells: rows.map(({ points }) =>
          sparkline(
            points.map(({ value }) => value),
            mostBars,
          ),
        ),
      },
      { title: 'last', align: 'right', cells: rows.map((row) => formatValue(last(row), row.unit)) },
      { title: 'last change', align: 'right', cells: rows.map(lastChange) },
    ],
    width,
  )
}

function lastChange(trend: Trend): string {
  const change = trend.changes.at(-1)
  return change ? sizeOf(trend, change) : ''
}

/** As a share of what was, or in the metric's unit where that is zero. */
export const sizeOf = ({ unit }: Trend, { before, after }: TrendChange): string =>
  before > 0 && after > 0 ? formatPercent(after / before - 1) : formatDifference(after - before, unit)

/** `turn p(50): +12.1% from commit 3f2a91c0d (2026-11-20) on: 43.1 ms became 48.2 ms, p = 0.005`. */
export function changeInWords(trend: Trend, change: TrendChange): string {
  const { point, before, after, p } = change
  const values = `${formatValue(before, trend.unit)} became ${formatValue(after, trend.unit)}`
  const where = point.git ? `commit ${commitOf(point)} (${point.startedAt.slice(0, 10)})` : `run ${point.run}`
  return `${trend.metric}: ${sizeOf(trend, change)} from ${where} on: ${values}, p = ${p}`
}
