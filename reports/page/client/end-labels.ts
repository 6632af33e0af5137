import type { Chart, Plugin } from 'chart.js'
import type { Theme } from './theme.ts'

/** Names each line at its right end, so that nobody has to carry a colour from a legend. */
export const endLabels = (theme: Theme): Plugin<'line'> => ({
  id: 'end-labels',
  afterDatasetsDraw: (chart) => {
    if (!hasRoomForLabels(chart.width)) return
    const ends = endsOf(chart as Chart<'line'>)
    // More names than fit below each other would lie on each other: the legend has them.
    if (ends.length * lineHeight > chart.chartArea.height) return
    const labels = spread(ends, chart.chartArea)
    const { ctx } = chart
    ctx.save()
    ctx.font = `600 ${labelSize}px ${theme.font}`
    ctx.textBaseline = 'middle'
    for (const { text, colour, y } of labels) {
      ctx.fillStyle = colour
      ctx.fillText(text, chart.chartArea.right + labelGap, y)
    }
    ctx.restore()
  },
})

/** A narrow chart has no room for names beside it; the legend above the charts does their work. */
export const hasRoomForLabels = (chartWidthPx: number): boolean => chartWidthPx >= 460

export const labelSize = 12
export const labelGap = 10
const lineHeight = 15

interface EndLabel {
  text: string
  colour: string
  y: number
}

/** One label a variant, at the first of its lines that is shown. */
function endsOf(chart: Chart<'line'>): EndLabel[] {
  const named = new Set<string>()
  return chart.data.datasets.flatMap((dataset, at) => {
    const points = chart.getDatasetMeta(at).data
    const last = points.findLast((point) => !Number.isNaN(point.y) && !(point as { skip?: boolean }).skip)
    const name = dataset.label ?? ''
    if (!chart.isDatasetVisible(at) || dataset.showLine === false || !last || named.has(name)) return []
    named.add(name)
    return [{ text: shortened(name), colour: String(dataset.borderColor), y: last.y }]
  })
}

const longest = 18

/** Names of variants often differ in their last letters only, so the middle goes. */
export const shortened = (name: string): string =>
  name.length > longest ? `${name.slice(0, longest / 2 - 1)}…${name.slice(-longest / 2)}` : name

/** Pushes labels apart that would lie on each other, from the top down, then back up where they left the chart. */
function spread(labels: EndLabel[], area: { top: number; bottom: number }): EndLabel[] {
  const placed = labels.sort((a, b) => a.y - b.y)
  placed.forEach((label, at) => {
    const above = placed[at - 1]
    label.y = Math.max(label.y, above ? above.y + lineHeight : area.top)
  })
  for (let at = placed.length - 1; at >= 0; at--) {
    const below = placed[at + 1]
    placed[at]!.y = Math.min(placed[at]!.y, below ? below.y - lineHeight : area.bottom)
  }
  return placed
}
