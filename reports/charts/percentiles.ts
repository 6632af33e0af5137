import type { StoredHistogram } from '../../harness/record/schema.ts'
import { mergedPercentiles, type Percentiles } from '../data/percentiles.ts'
import { isUsable, sameScope } from '../data/usable.ts'
import { formatScope } from '../format.ts'
import { rowOf, type ScenarioView, type View } from '../view.ts'
import { type Chart, type Drawing, scaleFor } from './chart.ts'

/** Which of the two latencies of an operation: from its intended start, or from when it was handed to the socket. */
export type LatencyKind = 'intended' | 'service'

interface PercentileChart extends Pick<Chart, 'id' | 'question' | 'help'> {
  kind: LatencyKind
}

/** A chart of a latency's whole distribution: one curve a variant, all valid trials merged. */
export const percentileChart = ({ kind, ...texts }: PercentileChart): Chart => ({
  ...texts,
  prepare: (view, scenario) => {
    const drawing = drawLatency(view, scenario, kind)
    const other = drawing && drawLatency(view, scenario, kind === 'intended' ? 'service' : 'intended')
    if (!drawing || !other || other.yScale !== drawing.yScale) return drawing
    return { ...drawing, yMax: Math.max(highest(drawing), highest(other)) }
  },
})

const highest = (drawing: Drawing): number =>
  Math.max(0, ...drawing.lines.flatMap(({ points }) => points.map(([, y]) => y ?? 0)))

function drawLatency(view: View, scenario: ScenarioView, kind: LatencyKind): Drawing | null {
  const metric = latencyMetric(scenario, kind)
  if (metric === null) return null
  const [first] = scenario.records.flatMap((record) => histogramOf(record.histograms, scenario, metric))
  if (!first) return null
  const curves = view.variants.flatMap((variant) => {
    const percentiles = percentilesOf(scenario, variant.name, first.metric)
    return percentiles ? [{ variant, percentiles }] : []
  })
  const lines = curves.map(({ variant, percentiles }) => ({ variant: variant.index, points: percentiles.curve }))
  const { label } = rowOf({ metric: first.metric, stat: 'p(50)', unit: first.unit, better: 'lower' })
  const scope = formatScope(first)
  return {
    axis: 'percentile',
    unit: first.unit,
    subject: scope === null ? label : `${label}, ${scope}`,
    yScale: scaleFor(lines),
    lines,
    marks: [],
    table: curves.map(({ variant, percentiles }) => ({ variant: variant.name, percentiles })),
  }
}

/** Both charts of a scenario ask for the same merges: decoding is the most of a page's time. */
const merged = new WeakMap<ScenarioView, Map<string, Percentiles | null>>()

function percentilesOf(scenario: ScenarioView, variant: string, metric: string): Percentiles | null {
  const known = merged.get(scenario) ?? new Map<string, Percentiles | null>()
  merged.set(scenario, known)
  const key = JSON.stringify([variant, metric])
  if (!known.has(key)) {
    const usable = scenario.records
      .filter((record) => record.variant === variant)
      .flatMap((record) => histogramOf(record.histograms, scenario, metric).filter((each) => isUsable(record, each)))
    known.set(key, mergedPercentiles(usable))
  }
  return known.get(key)!
}

/** The histogram in the scope of the primary metric; without one, that of the whole load. */
function histogramOf(
  histograms: readonly StoredHistogram[],
  scenario: ScenarioView,
  metric: string,
): StoredHistogram[] {
  const ofMetric = histograms.filter((each) => each.metric === metric && each.count > 0)
  const inScope = ofMetric.find((each) => sameScope(each, scenario.primary.scope))
  const whole = ofMetric.find((each) => sameScope(each, {}))
  const chosen = inScope ?? whole ?? ofMetric[0]
  return chosen ? [chosen] : []
}

/** The primary metric where it is a latency, else HTTP's, else an iteration's; the first that was recorded. */
export function latencyMetric(scenario: ScenarioView, kind: LatencyKind): string | null {
  const recorded = new Set(scenario.records.flatMap((record) => record.histograms.map(({ metric }) => metric)))
  const candidates = [scenario.primary.metric, 'http_req_duration', 'iteration_duration'].map((metric) =>
    kind === 'intended' ? intendedName(metric) : serviceName(metric),
  )
  return candidates.find((metric) => recorded.has(metric)) ?? null
}

/** `turn_duration` and `turn_intended_duration` are the two latencies of one operation. */
export const intendedName = (metric: string): string => serviceName(metric).replace(/duration$/, 'intended_duration')
export const serviceName = (metric: string): string => metric.replace(/intended_duration$/, 'duration')
