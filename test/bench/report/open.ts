import { pathToFileURL } from 'node:url'
import { launchChromium } from '../../support/chromium.ts'

/** From the start of the navigation, in ms: until the page is loaded, and until its first chart is drawn. */
export interface OpeningTimes {
  loadMs: number
  firstChartMs: number
}

/** Opens the page from the disk; the browser is gone when this resolves. */
export async function openPage(file: string): Promise<OpeningTimes> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto('about:blank')
    await page.goto(pathToFileURL(file).href)
    const loadMs = await page.evaluate<number>(`performance.getEntriesByType('navigation')[0].loadEventEnd`)
    await page.evaluate(`document.querySelector('canvas').scrollIntoView()`)
    await page.waitForSelector('canvas[data-drawn]')
    return { loadMs, firstChartMs: await page.evaluate<number>('performance.now()') }
  } finally {
    await browser.close()
  }
}
