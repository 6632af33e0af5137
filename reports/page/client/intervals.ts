import type { Plugin } from 'chart.js'
import type { ChartData } from './data.ts'

const capPx = 3

/** The interval of each point as a bar with caps, in the colour of its line. */
export const intervalBars = (lines: ChartData['lines']): Plugin<'line'> => ({
  id: 'intervals',
  beforeDatasetsDraw: (chart) => {
    const { ctx, data, scales } = chart
    ctx.save()
    ctx.lineWidth = 1.25
    for (const [at, { points, intervals = [] }] of lines.entries()) {
      if (!chart.isDatasetVisible(at)) continue
      ctx.strokeStyle = String(data.datasets[at]?.borderColor)
      for (const [place, interval] of intervals.entries()) {
        if (interval === null) continue
        const x = scales.x!.getPixelForValue(points[place]![0])
        const [low, high] = interval.map((bound) => scales.y!.getPixelForValue(bound)) as [number, number]
        ctx.beginPath()
        ctx.moveTo(x, low)
        ctx.lineTo(x, high)
        for (const y of [low, high]) {
          ctx.moveTo(x - capPx, y)
          ctx.lineTo(x + capPx, y)
        }
        ctx.stroke()
      }
    }
    ctx.restore()
  },
})
