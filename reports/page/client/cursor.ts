import type { Chart, Plugin } from 'chart.js'
import type { PageElement } from './browser.ts'
import type { Theme } from './theme.ts'

type Plot = Chart<'line'>

/**
 * A cursor that all charts of a group share: whoever points at a place on one sees on each of them what was then. Arrow keys
 * move it on a chart that has the focus, for which the chart is a slider along its horizontal axis.
 */

interface Group {
  plots: Set<Plot>
  /** Where it stands, in the unit of the axis; null: nowhere. */
  at: number | null
}

const groups = new Map<string, Group>()

function groupOf(name: string): Group {
  const group = groups.get(name) ?? { plots: new Set(), at: null }
  groups.set(name, group)
  return group
}

export const linkedCursor = (name: string, theme: Theme, nameOf: (x: number) => string): Plugin<'line'> => {
  const group = groupOf(name)
  return {
    id: 'linked-cursor',
    afterInit: (chart) => {
      group.plots.add(chart)
      makeSlider(chart, group, nameOf)
    },
    afterDestroy: (chart) => {
      group.plots.delete(chart)
    },
    afterEvent: (chart, { event, inChartArea }) => {
      if (event.type === 'mouseout') moveTo(group, null)
      else if (inChartArea && event.x !== null)
        moveTo(group, nearest(chart, chart.scales.x!.getValueForPixel(event.x) ?? 0))
    },
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      if (group.at === null) return
      const x = scales.x!.getPixelForValue(group.at)
      ctx.save()
      ctx.strokeStyle = theme.muted
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
    },
  }
}

function moveTo(group: Group, at: number | null): void {
  if (group.at === at) return
  group.at = at
  for (const plot of group.plots) {
    const active = at === null ? [] : pointsAt(plot, at)
    plot.setActiveElements(active)
    plot.tooltip?.setActiveElements(active, {
      x: at === null ? 0 : plot.scales.x!.getPixelForValue(at),
      y: plot.chartArea.top,
    })
    plot.draw()
  }
}

/** Of each line that is shown the point nearest to a place. */
function pointsAt(plot: Plot, at: number): { datasetIndex: number; index: number }[] {
  return plot.data.datasets.flatMap((_, datasetIndex) => {
    const places = plot.isDatasetVisible(datasetIndex) ? abscissasOf(plot, datasetIndex) : []
    const index = nearestIndex(places, at)
    return index === null ? [] : [{ datasetIndex, index }]
  })
}

const abscissasOf = (plot: Plot, dataset: number): number[] =>
  (plot.data.datasets[dataset]?.data ?? []).map((point) => (point as { x: number }).x)

/** All places of a chart, ascending. */
const allPlaces = (plot: Plot): number[] =>
  [...new Set(plot.data.datasets.flatMap((_, at) => abscissasOf(plot, at)))].sort((a, b) => a - b)

function nearestIndex(places: readonly number[], at: number): number | null {
  let best: number | null = null
  places.forEach((place, index) => {
    if (best === null || Math.abs(place - at) < Math.abs(places[best]! - at)) best = index
  })
  return best
}

const nearest = (plot: Plot, at: number): number => {
  const places = allPlaces(plot)
  return places[nearestIndex(places, at) ?? 0] ?? at
}

/** By how many places each key moves the cursor. */
const steps: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
}

const sliders = new WeakMap<object, (key: string) => boolean>()

/** A canvas is drawn on again and again; it listens once. */
function makeSlider(chart: Plot, group: Group, nameOf: (x: number) => string): void {
  const canvas = chart.canvas as unknown as PageElement
  const isNew = !sliders.has(canvas)
  sliders.set(canvas, (key) => {
    const step = steps[key]
    if (step === undefined && key !== 'Escape') return false
    moveTo(group, step === undefined ? null : placeAfter(allPlaces(chart), group.at, step))
    describe(canvas, chart, group, nameOf)
    return true
  })
  describe(canvas, chart, group, nameOf)
  if (!isNew) return
  canvas.tabIndex = 0
  canvas.setAttribute('role', 'slider')
  canvas.addEventListener('keydown', (event) => {
    if (sliders.get(canvas)?.(event.key)) event.preventDefault()
  })
  canvas.addEventListener('blur', () => moveTo(group, null))
}

/** Without a place to go on from it begins at the end that it comes from. */
function placeAfter(places: readonly number[], at: number | null, step: number): number | null {
  if (places.length === 0) return null
  const from = at === null ? (step > 0 ? -1 : places.length) : (nearestIndex(places, at) ?? 0)
  return places[Math.min(places.length - 1, Math.max(0, from + step))] ?? null
}

/** What somebody hears who does not see the chart. */
function describe(canvas: PageElement, chart: Plot, { at }: Group, nameOf: (x: number) => string): void {
  const places = allPlaces(chart)
  const [first = 0, last = 0] = [places[0], places.at(-1)]
  const lines = chart.tooltip?.body?.map(({ lines }) => lines.join('').trim()) ?? []
  canvas.setAttribute('aria-valuemin', String(first))
  canvas.setAttribute('aria-valuemax', String(last))
  canvas.setAttribute('aria-valuenow', String(at ?? first))
  canvas.setAttribute('aria-valuetext', at === null ? 'no time chosen' : [nameOf(at), ...lines].join(', '))
}
