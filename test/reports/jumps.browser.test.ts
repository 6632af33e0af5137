import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { chromiumFor } from '../support/chromium.ts'
import { addressOf, forEachReport } from '../support/report-files.ts'
import { reportKinds } from '../support/report-kinds.ts'

const kinds = ['a campaign', 'a campaign of many variants', 'a history'] as const

/** Where a section's title stands, and where the legend ends that covers what is above. */
const afterJump = (id: string) => `(() => ({
  top: document.getElementById('${id}-title').getBoundingClientRect().top,
  legendEnd: document.querySelector('.legend').getBoundingClientRect().bottom,
  isSticky: getComputedStyle(document.querySelector('.legend')).position === 'sticky',
}))()`

interface AfterJump {
  top: number
  legendEnd: number
  isSticky: boolean
}

/** Follows a link to the section, and waits until the page no longer moves. */
async function jumpTo(page: Page, id: string): Promise<AfterJump> {
  await page.evaluate(`scrollTo(0, 0); location.hash = ''; location.hash = '#${id}'`)
  await page.waitForTimeout(300)
  return page.evaluate<AfterJump>(afterJump(id))
}

const isJustBelow = (top: number, legendEnd: number): boolean => top >= legendEnd && top < legendEnd + 60

const firstCharted = (page: Page): Promise<string> => page.evaluate(`document.querySelector('.legend ~ section').id`)

test('A section that is jumped to begins below the legend, however high that is.', async (t) => {
  const look = async (page: Page) => {
    const id = await firstCharted(page)
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      const { top, legendEnd, isSticky } = await jumpTo(page, id)
      assert.ok(isSticky)
      assert.ok(isJustBelow(top, legendEnd), `${width} px wide: at ${top}, the legend ends at ${legendEnd}`)
    }
    await page.goto(`${page.url().split('#')[0]}#${id}`)
    await page.reload()
    await page.waitForTimeout(300)
    const { top, legendEnd } = await page.evaluate<AfterJump>(afterJump(id))
    assert.ok(isJustBelow(top, legendEnd), `opened there: at ${top}, the legend ends at ${legendEnd}`)
  }
  await forEachReport(t, look, kinds)
})

test('A legend that would cover more than a third of a window does not stay.', async (t) => {
  const look = async (page: Page) => {
    await page.setViewportSize({ width: 640, height: 300 })
    const { top, isSticky } = await jumpTo(page, await firstCharted(page))
    assert.equal(isSticky, false)
    assert.ok(top >= 0 && top < 100, `at ${top}`)
  }
  await forEachReport(t, look, kinds)
})

test('A link to every figure leads to its title, though the rows are made on the way.', async (t) => {
  const look = async (page: Page) => {
    await page.click('nav#contents a[href="#raw"]')
    await page.waitForSelector('#raw-rows tr')
    await page.waitForTimeout(300)
    const top: number = await page.evaluate(`document.getElementById('raw-title').getBoundingClientRect().top`)
    assert.ok(top >= 0 && top < 100, `at ${top}`)
  }
  await forEachReport(t, look, ['a campaign', 'a campaign of many variants'])
})

test('Without JavaScript no button is seen.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const context = await browser.newContext({ javaScriptEnabled: false })
  for (const { what, render } of reportKinds.filter((each) => kinds.some((kind) => kind === each.what))) {
    const page = await context.newPage()
    await page.goto(await addressOf(await render(), t))
    assert.equal(await page.locator(':is(button, select, input):visible').count(), 0, what)
  }
})
