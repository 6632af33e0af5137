import { inflateSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { fromBase85 } from '../../reports/data/base85.ts'
import { unpackNumbers } from '../../reports/data/packed-numbers.ts'

/** What a browser shows of a report, for tests that hold it against the records. */

/** What a page carries for its script in the data block of this id. */
export function carriedBy<T>(markup: string, id: string): T {
  const block = markup.split(`<script type="text/plain" id="${id}">`)[1]!.split('</script>')[0]!
  return unpackNumbers(inflateSync(fromBase85(block))) as T
}

/** Has a page draw the charts, too, that nobody has come near, as it does for paper. */
export async function drawAllCharts(page: Page): Promise<void> {
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
  await page.waitForSelector('canvas:not([data-drawn])', { state: 'detached' })
}

/** How many pixels of each canvas are painted, by the canvas's id, once all charts are drawn. */
export async function paintedPixels(page: Page): Promise<Record<string, number>> {
  await drawAllCharts(page)
  return page.evaluate(countPainted)
}

// Read from a copy: a browser complains on its console about canvases that are drawn to and read from.
const countPainted = `Object.fromEntries([...document.querySelectorAll('canvas')].map((canvas) => {
  const { width, height } = canvas
  const copy = Object.assign(document.createElement('canvas'), { width, height })
  const context = copy.getContext('2d', { willReadFrequently: true })
  context.drawImage(canvas, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  let painted = 0
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) painted++
  return [canvas.id, painted]
}))`

/** A cell of the verdict table; `estimate` is the exact number in the markup, `shown` its text. */
export interface ShownVerdict {
  scenario: string
  variant: string
  /** Sign and word. */
  verdict: string
  estimate: number | null
  shown: string | null
}

export const shownVerdicts = (page: Page): Promise<ShownVerdict[]> => page.evaluate(readVerdicts)

const readVerdicts = `[...document.querySelectorAll('td[data-variant]')].map((cell) => {
  const estimate = cell.querySelector('data.estimate')
  return {
    scenario: cell.dataset.scenario,
    variant: cell.dataset.variant,
    verdict: cell.querySelector('.verdict').textContent.trim(),
    estimate: estimate ? Number(estimate.value) : null,
    shown: estimate ? estimate.textContent : null,
  }
})`

/** Everything that a page says on its console and everything that it asks for, from now on. */
export function listenTo(page: Page): { messages: string[]; requests: string[] } {
  const heard = { messages: [] as string[], requests: [] as string[] }
  page.on('request', (request) => heard.requests.push(request.url()))
  page.on('console', (message) => heard.messages.push(message.text()))
  page.on('pageerror', (error) => heard.messages.push(String(error)))
  return heard
}
