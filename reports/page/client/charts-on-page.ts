import { type PageElement, page } from './browser.ts'
import type { ChartData, PageData } from './data.ts'
import { drawChart, type LineChart } from './draw.ts'
import { whenNear } from './near.ts'
import { onThemeChange, readTheme, type Theme } from './theme.ts'
import { Visibility } from './visibility.ts'

/** A chart is drawn when it is so near that the reader may come to it at once. */
const nearness = '800px'

interface OnCanvas {
  canvas: PageElement
  chart: ChartData
}

/** Charts of a page that may have hundreds: each is drawn when it first comes near the window, all of them for paper. */
export class ChartsOnPage {
  readonly #variants: readonly string[]
  readonly #canvases: readonly OnCanvas[]
  readonly #drawn = new Map<ChartData, LineChart>()
  readonly #visibility = new Visibility()
  #theme: Theme = readTheme()
  /** Those that the reader has come near to and that are not drawn yet. */
  readonly #near: OnCanvas[] = []

  constructor({ variants, charts }: PageData) {
    this.#variants = variants
    this.#canvases = charts.flatMap((chart) => {
      const canvas = page.document.getElementById(chart.id)
      return canvas ? [{ canvas, chart }] : []
    })
    this.#drawWhenNear()
    onThemeChange(() => this.#drawAgain())
  }

  /** Hides the variant in every chart, or shows it again. @returns whether it is shown now */
  toggle(variant: number): boolean {
    const isShown = this.#visibility.toggle(variant)
    this.#showLines()
    return isShown
  }

  /** @param choice which of the chart's lines are shown: its place among the chart's choices */
  choose(chartId: string, choice: number): void {
    this.#visibility.choose(chartId, choice)
    this.#showLines()
  }

  /** Those too that nobody has come near. */
  drawAll(): void {
    for (const each of this.#canvases) this.#draw(each)
  }

  #drawWhenNear(): void {
    const waiting = new Map(this.#canvases.map((each) => [each.canvas, each]))
    whenNear(waiting.keys(), nearness, (canvas) => this.#drawSoon(waiting.get(canvas)!))
  }

  /** One after the other, so that the first is seen before the last is drawn. */
  #drawSoon(each: OnCanvas): void {
    this.#near.push(each)
    if (this.#near.length === 1) setTimeout(() => this.#drawNext())
  }

  #drawNext(): void {
    const [next] = this.#near.splice(0, 1)
    if (this.#near.length > 0) setTimeout(() => this.#drawNext())
    if (next) this.#draw(next)
  }

  #drawAgain(): void {
    this.#theme = readTheme()
    const shown = this.#canvases.filter(({ chart }) => this.#drawn.has(chart))
    for (const drawing of this.#drawn.values()) drawing.destroy()
    this.#drawn.clear()
    for (const each of shown) this.#draw(each)
  }

  #draw({ canvas, chart }: OnCanvas): void {
    if (this.#drawn.has(chart)) return
    const drawing = drawChart(canvas, chart, this.#variants, this.#theme)
    this.#drawn.set(chart, drawing)
    this.#showLinesOf(chart, drawing)
    // For whoever waits until a page is drawn: a printer, a test.
    canvas.dataset.drawn = 'true'
  }

  #showLines(): void {
    for (const [chart, drawing] of this.#drawn) this.#showLinesOf(chart, drawing)
  }

  #showLinesOf(chart: ChartData, drawing: LineChart): void {
    const isShown = chart.lines.map((line) => this.#visibility.isShown(chart, line))
    if (isShown.every((shown, place) => shown === drawing.isDatasetVisible(place))) return
    isShown.forEach((shown, place) => {
      drawing.setDatasetVisibility(place, shown)
    })
    drawing.update()
  }
}
