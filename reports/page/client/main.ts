import { page } from './browser.ts'
import { type PageData, pageDataId } from './data.ts'
import { drawChart, type LineChart } from './draw.ts'
import { onThemeChange, readTheme } from './theme.ts'

/** The page's script: draws the charts, lets the legend hide and show variants, follows the colour scheme. */

const { variants, charts }: PageData = JSON.parse(page.document.getElementById(pageDataId)?.textContent ?? '{}')
const hidden = new Set<number>()
let drawn: LineChart[] = []

function drawAll(): void {
  for (const chart of drawn) chart.destroy()
  const theme = readTheme()
  drawn = charts.flatMap((chart) => {
    const canvas = page.document.getElementById(chart.id)
    return canvas ? [drawChart(canvas, chart, variants, theme)] : []
  })
  showVariants()
}

function showVariants(): void {
  drawn.forEach((chart, at) => {
    charts[at]!.lines.forEach(({ variant }, line) => {
      chart.setDatasetVisibility(line, !hidden.has(variant))
    })
    chart.update()
  })
}

for (const button of page.document.querySelectorAll('button[data-variant]')) {
  const variant = Number(button.dataset.variant)
  button.addEventListener('click', () => {
    if (!hidden.delete(variant)) hidden.add(variant)
    button.setAttribute('aria-pressed', String(!hidden.has(variant)))
    showVariants()
  })
}

drawAll()
onThemeChange(drawAll)
