import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { standsOut } from '../support/overflow.ts'
import { forEachReport } from '../support/report-files.ts'

const widths = [320, 360, 768, 1280, 3840]

/** Of regions that scroll sideways those that keys cannot reach, or that have no name. */
const lostRegions = `[...document.querySelectorAll('*')]
  .filter((element) => element.scrollWidth > element.clientWidth && element.checkVisibility())
  .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
  .filter((element) => element.tabIndex < 0 || !(element.ariaLabel || element.tagName === 'PRE'))
  .map(({ tagName, className }) => tagName + '.' + className)`

/** Text smaller than 12 px as it is shown, by its first words. */
const smallTexts = `[...document.body.querySelectorAll('*')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
  .filter((element) => element.checkVisibility())
  .filter((element) => parseFloat(getComputedStyle(element).fontSize) * (element.getScreenCTM?.()?.a ?? 1) < 12)
  .map(({ textContent }) => textContent.trim().slice(0, 40))`

const found = async (page: Page, script: string): Promise<string[]> => await page.evaluate(script)

test('At every width all of a page lies on it, can be reached and can be read.', async (t) => {
  await forEachReport(t, async (page) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 })
      assert.deepEqual(await standsOut(page), [], `${width} px wide`)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
      assert.deepEqual(await found(page, lostRegions), [], `${width} px wide`)
      assert.deepEqual(await found(page, smallTexts), [], `${width} px wide`)
    }
  })
})

/** Cells of which something stands in the next one, by their first words. */
const spilling = `[...document.querySelectorAll('.by-variant :is(th, td)')]
  .filter((cell) => cell.scrollWidth > cell.clientWidth)
  .map(({ textContent }) => textContent.trim().slice(0, 40))`

test('Of many variants no cell stands in another: the table scrolls.', async (t) => {
  const look = async (page: Page) => {
    for (const width of [360, 1280, 3840]) {
      await page.setViewportSize({ width, height: 900 })
      assert.ok((await page.locator('.by-variant td').count()) > 100)
      assert.deepEqual(await found(page, spilling), [], `${width} px wide`)
    }
  }
  await forEachReport(t, look, ['a campaign of many variants'])
})

/** Rows of effects and worths of which something lies beyond the page, over something else, or is not shown, by their text. */
const unreadableRows = `[...document.querySelectorAll(':is(.forest, .waterfall-table) tbody tr')]
  .filter((row) => {
    const parts = row.querySelectorAll('.variant, .waterfall-table th, .word > [aria-hidden], data, [data-lower]')
    const shown = [...parts].map((part) => {
      const range = document.createRange()
      range.selectNodeContents(part)
      return range.getBoundingClientRect()
    })
    const lieOn = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    const isHidden = [...row.querySelectorAll('[data-lower]')].some((each) => !each.checkVisibility())
    return isHidden || shown.some((box, at) => box.right > innerWidth || shown.slice(at + 1).some((other) => lieOn(box, other)))
  })
  .map(({ textContent }) => textContent.trim())`

test('On a phone a row of effects or worths shows its name, change and interval, none over another.', async (t) => {
  const look = async (page: Page) => {
    for (const width of [320, 360]) {
      await page.setViewportSize({ width, height: 740 })
      assert.ok((await page.locator(':is(.forest, .waterfall-table) tbody tr').count()) > 2)
      assert.deepEqual(await found(page, unreadableRows), [], `${width} px wide`)
    }
  }
  await forEachReport(t, look, ['a campaign of many variants', 'an ablation'])
})

/** How many charts stand beside each other in the first row of those over time. */
const chartsBeside = `(() => {
  const charts = [...document.querySelectorAll('.charts')[1].querySelectorAll('figure')]
  return charts.filter((each) => each.offsetTop === charts[0].offsetTop).length
})()`

test('A wide page has more charts beside each other.', async (t) => {
  const look = async (page: Page) => {
    const beside: number[] = []
    for (const width of [360, 1280, 3840]) {
      await page.setViewportSize({ width, height: 900 })
      beside.push(await page.evaluate(chartsBeside))
    }
    assert.deepEqual(beside.slice(0, 2), [1, 2])
    assert.ok(beside[2]! > 2, `${beside[2]} on a wall`)
  }
  await forEachReport(t, look, ['a campaign'])
})
