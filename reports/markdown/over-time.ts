import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { sparkline } from '../../harness/compare/sparkline.ts'
import type { Drawing } from '../charts/chart.ts'
import { chartsOverTime } from '../charts/table.ts'
import type { Point } from '../data/percentiles.ts'
import { formatRange, noNumber } from '../format.ts'
import type { ScenarioView, View } from '../view.ts'
import { blocks } from './inline.ts'

const mostBars = 24
/** What moves by less than this share of itself is told by its number. */
const leastSpread = 0.25

/** The page's charts over time as lines of bars, from the begin of the load to its end: a row a variant; folded up. */
export function scenarioOverTime(view: View, scenario: ScenarioView): string {
  const drawings = chartsOverTime.flatMap((chart) => chart.prepare(view, scenario) ?? [])
  const lines = drawings.map((drawing) => ({ drawing, byVariant: linesOf(drawing) }))
  const telling = lines.filter(({ byVariant }) => [...byVariant.values()].some(moves))
  if (telling.length === 0) return ''
  const table = markdownTable(
    ['variant', ...telling.map(({ drawing }) => inert(drawing.subject))],
    '-'.repeat(1 + telling.length),
    scenario.variants.map(({ name, index }) => [
      code(name),
      ...telling.map(({ drawing, byVariant }) => cellOf(byVariant.get(index), drawing)),
    ]),
  )
  return blocks(['<details><summary>Over time</summary>', table, '</details>'])
}

/** Means of parts of the load, as many as there are bars; null where a part has no value. */
type Bars = readonly (number | null)[]

function linesOf({ lines }: Drawing): Map<number, Bars> {
  const sinceBegin = lines.map(({ variant, points }) => ({ variant, points: points.filter(([t]) => t >= 0) }))
  const endS = Math.max(0, ...sinceBegin.flatMap(({ points }) => points.map(([t]) => t)))
  const bars = Math.min(mostBars, Math.max(1, ...sinceBegin.map(({ points }) => points.length)))
  return new Map(sinceBegin.map(({ variant, points }) => [variant, barsOf(points, endS, bars)]))
}

function barsOf(points: readonly Point[], endS: number, bars: number): Bars {
  const parts = Array.from({ length: bars }, (): number[] => [])
  for (const [t, value] of points)
    if (value !== null) parts[endS === 0 ? 0 : Math.round((t / endS) * (bars - 1))]!.push(value)
  return parts.map((part) => (part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length))
}

function moves(bars: Bars): boolean {
  const values = valuesIn(bars)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return values.length > 1 && high - low > leastSpread * Math.max(Math.abs(low), Math.abs(high))
}

const valuesIn = (bars: Bars): number[] => bars.filter((value) => value !== null)

function cellOf(bars: Bars | undefined, { unit }: Drawing): string {
  const values = valuesIn(bars ?? [])
  if (bars === undefined || values.length === 0) return noNumber
  const drawn = [...sparkline(values, values.length)]
  const line = bars.map((value) => (value === null ? '·' : drawn.shift()!)).join('')
  return `${line}<br>${formatRange(Math.min(...values), Math.max(...values), unit)}`
}
