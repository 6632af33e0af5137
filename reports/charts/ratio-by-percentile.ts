import { blockRatios, type PercentileRatio, percentileRatios } from '../../harness/compare/percentile-ratios.ts'
import { printSubMetric } from '../../harness/metrics/selector.ts'
import { formatRatio, formatRatioInterval, formatScope } from '../format.ts'
import { rowOf, type ScenarioView, type VariantView, type View } from '../view.ts'
import type { Cell, Chart, ChartTable, Line } from './chart.ts'
import { latencyHistogram } from './percentiles.ts'

/** How much each part of the distribution moved: percentiles of each pair, divided by each other. */
export const ratioByPercentile: Chart = {
  id: 'ratio-by-percentile',
  question: 'Who waits longer than with the baseline: everybody, or the slowest?',
  help: 'Each percentile divided by the baseline’s in the same pair, with the interval at 95% over the pairs. Below the line at 0 is faster. A line that is level changes everybody’s wait alike; one that rises hits the slowest.',
  prepare: (view, scenario) => {
    const stored = latencyHistogram(scenario, 'intended') ?? latencyHistogram(scenario, 'service')
    if (!stored) return null
    const metric = printSubMetric({ metric: stored.metric, tags: tagsOf(stored) })
    const found = scenario.variants
      .filter(({ isBaseline }) => !isBaseline)
      .map((variant) => ({ variant, ratios: ratiosOf(view, scenario, variant, metric) }))
      .filter(({ ratios }) => ratios.length > 0)
    if (found.length === 0) return null
    const { label } = rowOf({ metric: stored.metric, stat: 'p(50)', unit: stored.unit, better: 'lower' })
    return {
      axis: 'percentile',
      unit: 'none',
      subject: [label, formatScope(stored), `variant ÷ ${view.header.baseline}`].filter(Boolean).join(', '),
      yScale: 'ratio',
      lines: found.map(({ variant, ratios }, at) => lineOf(variant, ratios, at - (found.length - 1) / 2)),
      marks: [],
      table: tableOf(found),
    }
  },
}

const tagsOf = ({ scenario, phase }: { scenario?: string; phase?: string }): Record<string, string> => ({
  ...(scenario === undefined ? {} : { scenario }),
  ...(phase === undefined ? {} : { phase }),
})

/** Percentiles at which every pair has a ratio. */
function ratiosOf({ header, records, paired }: View, scenario: ScenarioView, variant: VariantView, metric: string) {
  const run = { header, records: [...records] }
  const ratios = paired
    ? percentileRatios(run, scenario.name, metric)
    : blockRatios(run, scenario.name, variant.name, metric)
  return ratios.filter((each): each is Shown => each.ratio !== null)
}

type Shown = PercentileRatio & { ratio: NonNullable<PercentileRatio['ratio']> }

/** Lines of several variants stand a little apart, or their intervals would cover each other. */
const apart = 1.025

function lineOf({ index }: VariantView, ratios: readonly Shown[], place: number): Line {
  return {
    variant: index,
    points: ratios.map(({ percentile, ratio }) => [(100 / (100 - percentile)) * apart ** place, 1 + ratio.estimate]),
    intervals: ratios.map(({ ratio: { lower, upper } }) =>
      lower === null || upper === null ? null : [1 + lower, 1 + upper],
    ),
  }
}

function tableOf(found: readonly { variant: VariantView; ratios: readonly Shown[] }[]): ChartTable {
  const percentiles = [...new Set(found.flatMap(({ ratios }) => ratios.map(({ percentile }) => percentile)))]
  const cellOf = (ratio: Shown | undefined): Cell => {
    if (!ratio) return '–'
    const { estimate, lower, upper } = ratio.ratio
    return [formatRatio(estimate), formatRatioInterval(lower, upper)]
  }
  return {
    columns: percentiles.sort((a, b) => a - b).map((percentile) => `p${percentile}`),
    rows: found.map(({ variant, ratios }) => ({
      variant: variant.name,
      cells: percentiles.map((percentile) => cellOf(ratios.find((each) => each.percentile === percentile))),
    })),
  }
}
