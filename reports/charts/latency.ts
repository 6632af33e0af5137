import { tablePercentiles } from '../data/percentiles.ts'
import { formatValue } from '../format.ts'
import type { ScenarioView } from '../view.ts'
import { type Chart, type ChartTable, type Drawing, type Line, scaleFor } from './chart.ts'
import { type LatencyCurves, type LatencyKind, latencyCurves } from './percentiles.ts'

/** A latency's whole distribution, all valid trials of a variant merged: both latencies of one operation, one scale. */
export const latency: Chart = {
  id: 'latency',
  question: 'How long did people wait?',
  help: 'At p99, 99 of 100 were answered within this time. From the intended start: as people feel it. Service time (dotted, hollow markers): from when the request was sent. Lower is better; a line that bends up late has a long tail.',
  prepare: (view, scenario) => {
    const found = kinds.flatMap((kind) => curvesOf(view.variants, scenario, kind))
    const [first] = found
    if (!first) return null
    const lines = found.flatMap(({ set, curves }) => curves.lines.map((line) => ({ ...line, ...sides[set] })))
    return {
      axis: 'percentile',
      unit: first.curves.unit,
      subject: first.curves.subject,
      yScale: scaleFor(lines),
      yMax: Math.max(0, ...lines.flatMap(({ points }) => points.map(([, y]) => y ?? 0))),
      ...(found.length > 1 ? { choices } : {}),
      lines,
      marks: [],
      table: tableOf(found),
    }
  },
}

const kinds: readonly LatencyKind[] = ['intended', 'service']

const choices: NonNullable<Drawing['choices']> = [
  { label: 'From intended start', sets: [0] },
  { label: 'Service time', sets: [1] },
  { label: 'Both', sets: [0, 1] },
]

const sides: Pick<Line, 'set' | 'style'>[] = [{ set: 0 }, { set: 1, style: 'faint' }]

interface Found {
  set: number
  curves: LatencyCurves
}

function curvesOf(
  variants: readonly { name: string; index: number }[],
  scenario: ScenarioView,
  kind: LatencyKind,
): Found[] {
  const curves = latencyCurves(variants, scenario, kind)
  return curves ? [{ set: kinds.indexOf(kind), curves }] : []
}

/** The same in numbers, as far as the samples carry. */
function tableOf(found: readonly Found[]): ChartTable {
  const all = found.flatMap(({ set, curves }) =>
    curves.percentiles.map((each) => ({ ...each, unit: curves.unit, about: kinds[set]! })),
  )
  const shown = tablePercentiles.filter((p) => all.some(({ percentiles }) => percentiles.values.has(p)))
  return {
    columns: [...shown.map((p) => `p${p}`), 'samples'],
    rows: all.map(({ variant, about, percentiles, unit }) => ({
      variant,
      about,
      cells: [
        ...shown.map((p) => formatValue(percentiles.values.get(p), unit)),
        formatValue(percentiles.samples, 'count'),
      ],
    })),
  }
}
