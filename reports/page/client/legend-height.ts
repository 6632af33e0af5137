import { page } from './browser.ts'

/**
 * Tells the style sheet how high the legend is that stays above the sections with charts, now and whenever it changes: a link
 * to one of them is to end below it (`charts.css`).
 */
export function tellLegendHeight(): void {
  const [legend] = page.document.querySelectorAll('.legend')
  if (!legend) return
  const tell = () => {
    for (const section of page.document.querySelectorAll('.legend ~ section'))
      section.style.setProperty('--legend-height', `${legend.offsetHeight}px`)
  }
  tell()
  new page.ResizeObserver(tell).observe(legend)
}
