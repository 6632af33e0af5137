import type { Plugin } from 'chart.js'
import type { ChartData } from './data.ts'
import type { Theme } from './theme.ts'

/** A thin line where a phase of the load begins, or a curve has its knee, with a name. */
export const phaseMarks = (marks: ChartData['marks'], theme: Theme): Plugin<'line'> => ({
  id: 'phase-marks',
  beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
    ctx.save()
    ctx.strokeStyle = theme.muted
    ctx.fillStyle = theme.muted
    ctx.font = `11px ${theme.font}`
    ctx.setLineDash([2, 3])
    for (const { at, label } of marks) {
      const x = scales.x!.getPixelForValue(at)
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top - 14)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      const widthPx = ctx.measureText(label).width
      // At the right end there is room only on the left.
      ctx.fillText(label, x + 5 + widthPx > chartArea.right ? x - 5 - widthPx : x + 5, chartArea.top - 6)
    }
    ctx.restore()
  },
})
