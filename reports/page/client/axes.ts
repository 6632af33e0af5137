import type { ScaleOptions, Tick } from 'chart.js'
import { formatRatioTick, ratioScale } from '../../charts/ratio-scale.ts'
import { formatTick } from '../../format.ts'
import type { ChartData } from './data.ts'
import type { Theme } from './theme.ts'

type Axis = ScaleOptions<'linear'> | ScaleOptions<'logarithmic'>

const fontSize = 12
const axisWidthPx = 64

const common = (theme: Theme) => ({
  border: { display: false },
  grid: { color: theme.grid, drawTicks: false },
  ticks: { color: theme.muted, font: { family: theme.font, size: fontSize }, padding: 6, maxRotation: 0 },
})

/** Percentiles that get a tick, by their abscissa 1 / (1 - p). */
const percentileTicks = [
  [2, 'p50'],
  [4, 'p75'],
  [10, 'p90'],
  [100, 'p99'],
  [1000, 'p99.9'],
  [10_000, 'p99.99'],
  [100_000, 'p99.999'],
] as const

export const percentileName = (abscissa: number): string => {
  const percent = 100 - 100 / abscissa
  return `p${Number(percent.toFixed(percent >= 99.9 ? 3 : percent >= 99 ? 2 : percent >= 90 ? 1 : 0))}`
}

/** Of points that stand a little beside their percentile, so that intervals do not cover each other. */
const nearestPercentile = (x: number): string =>
  percentileTicks.reduce((best, tick) =>
    Math.abs(Math.log(tick[0] / x)) < Math.abs(Math.log(best[0] / x)) ? tick : best,
  )[1]

export const horizontalAxis = (chart: ChartData, theme: Theme): Axis => axes[chart.axis](chart, theme)

/** What a place on the horizontal axis is called. */
export function abscissaName(chart: ChartData, x: number): string {
  switch (chart.axis) {
    case 'percentile':
      return chart.yScale === 'ratio' ? nearestPercentile(x) : percentileName(x)
    case 'runs':
      return runName(chart, x)
    case 'count':
      return `${formatTick(x, 'count')} sessions`
    case 'connections':
      return `${formatTick(x, 'count')} connections`
    case 'rate':
      return formatTick(x, 'per second')
    case 'seconds':
      return `${clock(x)} into the load`
  }
}

const percentileAxis = (chart: ChartData, theme: Theme): Axis => ({
  ...common(theme),
  type: 'logarithmic',
  ...percentileEnds(chart),
  afterBuildTicks: (axis: { max: number; ticks: Tick[] }) => {
    axis.ticks = percentileTicks
      .filter(([at]) => at <= axis.max * 1.001 && (at !== 4 || chart.yScale === 'ratio'))
      .map(([value, label]) => ({ value, label }))
  },
  ticks: { ...common(theme).ticks, autoSkip: false, callback: (value: number | string) => tickLabel(Number(value)) },
})

/** A curve fills its axis; single percentiles with intervals need room at both ends. */
function percentileEnds(chart: ChartData): { min: number; max: number } {
  const all = abscissas(chart)
  return chart.yScale === 'ratio'
    ? { min: Math.min(...all) / 1.3, max: Math.max(...all) * 1.3 }
    : { min: 1, max: Math.max(2, ...all) }
}

const tickLabel = (abscissa: number): string => percentileTicks.find(([at]) => at === abscissa)?.[1] ?? ''

/** Its ends are whole seconds, as its labels are: what stands at a label lies there. */
const secondsAxis = (chart: ChartData, theme: Theme): Axis => {
  const all = chart.xRange ?? abscissas(chart)
  return {
    ...common(theme),
    grid: { display: false },
    type: 'linear',
    min: Math.floor(Math.min(0, ...all)),
    max: Math.ceil(Math.max(1, ...all)),
    ticks: {
      ...common(theme).ticks,
      maxTicksLimit: 8,
      precision: 0,
      // Equally far apart: an end stands beside a round number as often as not.
      includeBounds: false,
      callback: (value: number | string) => clock(Number(value)),
    },
  }
}

const runsAxis = (chart: ChartData, theme: Theme): Axis => ({
  ...common(theme),
  grid: { display: false },
  type: 'linear',
  min: 0,
  max: Math.max(1, (chart.runs?.length ?? 0) - 1),
  ticks: {
    ...common(theme).ticks,
    maxTicksLimit: 6,
    precision: 0,
    // The last run stands beside a round number as often as not, where its name would lie on the other's.
    includeBounds: false,
    callback: (value: number | string) => runName(chart, Number(value)),
  },
})

const runName = ({ runs = [] }: ChartData, place: number): string => runs[place] ?? ''

/** From zero: what a load does to a server is read against none. */
const amountAxis = (chart: ChartData, theme: Theme): Axis => ({
  ...common(theme),
  type: 'linear',
  min: 0,
  ticks: {
    ...common(theme).ticks,
    maxTicksLimit: 6,
    callback: (value: number | string) => formatTick(Number(value), chart.axis === 'rate' ? 'per second' : 'count'),
  },
})

/** Numbers that grow by factors are equally far apart. */
const connectionsAxis = (chart: ChartData, theme: Theme): Axis => ({
  ...common(theme),
  grid: { display: false },
  type: 'logarithmic',
  min: Math.min(...abscissas(chart)) / 1.2,
  max: Math.max(...abscissas(chart)) * 1.2,
  afterBuildTicks: (axis: { ticks: Tick[] }) => {
    axis.ticks = [...new Set(abscissas(chart))].sort((a, b) => a - b).map((value) => ({ value }))
  },
  ticks: { ...common(theme).ticks, callback: (value: number | string) => formatTick(Number(value), 'count') },
})

const axes = {
  percentile: percentileAxis,
  seconds: secondsAxis,
  runs: runsAxis,
  count: amountAxis,
  connections: connectionsAxis,
  rate: amountAxis,
}

/** Seconds since the load began: `45 s`, from two minutes on `1:30`. */
export const clock = (seconds: number): string => {
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

const abscissas = (chart: ChartData): number[] => chart.lines.flatMap(({ points }) => points.map(([x]) => x))

export const verticalAxis = (chart: ChartData, theme: Theme): Axis =>
  chart.yScale === 'ratio' ? ratioAxis(chart, theme) : valueAxis(chart, chart.yScale, theme)

// As wide on every chart, so that the plots stand exactly below each other.
const afterFit = (axis: { width: number }): void => {
  axis.width = axisWidthPx
}

const valueAxis = (chart: ChartData, type: 'linear' | 'logarithmic', theme: Theme): Axis => ({
  ...common(theme),
  type,
  afterFit,
  // What changes from run to run is small beside the values themselves, but not beside all that a share can be.
  ...(type === 'linear' ? { beginAtZero: chart.axis !== 'runs' || chart.unit === 'share' } : {}),
  ...(chart.yMax === undefined ? {} : { suggestedMax: chart.yMax }),
  ticks: {
    ...common(theme).ticks,
    maxTicksLimit: 6,
    callback: (value: number | string) => formatTick(Number(value), chart.unit),
  },
})

function ratioAxis(chart: ChartData, theme: Theme): Axis {
  const ratios = chart.lines.flatMap(({ points, intervals = [] }) => [
    ...points.flatMap(([, y]) => y ?? []),
    ...intervals.flatMap((interval) => interval ?? []),
  ])
  const { from, to, ticks } = ratioScale(ratios)
  return {
    ...common(theme),
    grid: {
      ...common(theme).grid,
      color: ({ tick }: { tick?: Tick }) => (tick?.value === 1 ? theme.muted : theme.grid),
    },
    type: 'logarithmic',
    min: from,
    max: to,
    afterFit,
    afterBuildTicks: (axis: { ticks: Tick[] }) => {
      axis.ticks = ticks.map((value) => ({ value }))
    },
    ticks: {
      ...common(theme).ticks,
      autoSkip: false,
      callback: (value: number | string) => formatRatioTick(Number(value)),
    },
  }
}
