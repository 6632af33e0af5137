import type { Unit } from '../../harness/metrics/table.ts'
import type { StoredHistogram } from '../../harness/record/schema.ts'
import { mergedPercentiles, type Percentiles } from '../data/percentiles.ts'
import { isUsable, sameScope } from '../data/usable.ts'
import { formatScope } from '../format.ts'
import { rowOf, type ScenarioView, type VariantView } from '../view.ts'
import type { Line } from './chart.ts'

/** Which of the two latencies of an operation: from its intended start, or from when it was handed to the socket. */
export type LatencyKind = 'intended' | 'service'

export interface LatencyCurves {
  unit: Unit
  subject: string
  lines: Line[]
  percentiles: { variant: string; percentiles: Percentiles }[]
}

/** Of each variant that has it one curve, all its valid trials merged; null where no trial of the scenario observed it. */
export function latencyCurves(
  variants: readonly Pick<VariantView, 'name' | 'index'>[],
  scenario: ScenarioView,
  kind: LatencyKind,
): LatencyCurves | null {
  const first = latencyHistogram(scenario, kind)
  if (first === null) return null
  const curves = variants.flatMap((variant) => {
    const percentiles = percentilesOf(scenario, variant.name, first.metric)
    return percentiles ? [{ variant, percentiles }] : []
  })
  const { label } = rowOf({ metric: first.metric, stat: 'p(50)', unit: first.unit, better: 'lower' })
  const scope = formatScope(first)
  return {
    unit: first.unit,
    subject: scope === null ? label : `${label}, ${scope}`,
    lines: curves.map(({ variant, percentiles }) => ({ variant: variant.index, points: percentiles.curve })),
    percentiles: curves.map(({ variant, percentiles }) => ({ variant: variant.name, percentiles })),
  }
}

/** The first histogram of the latency that stands for the scenario: its metric, scope and unit. */
export function latencyHistogram(scenario: ScenarioView, kind: LatencyKind): StoredHistogram | null {
  const metric = latencyMetric(scenario, kind)
  if (metric === null) return null
  return scenario.records.flatMap((record) => histogramOf(record.histograms, scenario, metric))[0] ?? null
}

/** Decoding is the most of a page's time. */
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
