import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { type PageData, pageDataId } from '../../reports/page/client/data.ts'
import { launchChromium } from '../support/chromium.ts'
import { carriedBy, drawAllCharts } from '../support/report-page.ts'

/** What a reader of the page sees, as text; and what the browser said meanwhile. */
export interface ReportPage {
  question: string
  /** By the id of its canvas: how many of its pixels are not blank. */
  paintedPixels: Record<string, number>
  /** Ids of the charts that the page carries data for. */
  charts: string[]
  /** How many charts say that they have nothing to show. */
  emptyCharts: number
  verdicts: VerdictCell[]
  figures: FigureRow[]
  /** Errors, warnings and whatever else came on the console. */
  messages: string[]
  /** Addresses that were asked for besides the page itself. */
  requests: string[]
}

export interface VerdictCell {
  scenario: string
  variant: string
  verdict: string
  /** As in the markup, with all digits; null where no pair could be used. */
  ratio: number | null
  difference: number | null
}

export interface FigureRow {
  scenario: string
  row: string
  scope: string
  /** One for each variant, in the order of the run. */
  cells: string[]
}

const readPage = `(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const number = (element) => (element ? Number(element.value) : null)
  return {
    question: document.body.innerText,
    paintedPixels: Object.fromEntries(all('canvas').map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      let painted = 0
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) painted++
      return [canvas.id, painted]
    })),
    emptyCharts: all('figure .empty[data-missing]').length,
    verdicts: all('td[data-variant]').map((cell) => ({
      scenario: cell.dataset.scenario,
      variant: cell.dataset.variant,
      verdict: cell.querySelector('.verdict').textContent.trim(),
      ratio: number(cell.querySelector('data.estimate')),
      difference: number(cell.querySelector('data.difference')),
    })),
    figures: all('table.figures').flatMap((table) => all('tbody', table).flatMap((body) =>
      all('tr', body).filter((row) => row.querySelector('td')).map((row) => ({
        scenario: table.parentElement.getAttribute('aria-label').replace(/, [^,]*$/, ''),
        scope: body.querySelector('.scope-name').textContent,
        row: row.querySelector('th').textContent,
        cells: all('td:not(.ratio)', row).map((cell) => (cell.querySelector('.value') ?? cell).textContent),
      })))),
  }
})()`

/** Opens a report in Chromium and reads it; the browser is gone when this resolves. */
export async function readReportPage(file: string): Promise<ReportPage> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    const url = pathToFileURL(file).href
    const messages: string[] = []
    const requests: string[] = []
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => messages.push(String(error)))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(url)
    await drawAllCharts(page)
    const read = await page.evaluate<Omit<ReportPage, 'charts' | 'messages' | 'requests'>>(readPage)
    const charts = carriedBy<PageData>(await readFile(file, 'utf8'), pageDataId).charts.map(({ id }) => id)
    return { ...read, charts, messages, requests: requests.filter((each) => each !== url && !each.startsWith('data:')) }
  } finally {
    await browser.close()
  }
}
