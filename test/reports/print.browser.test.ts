import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { standsOut } from '../support/overflow.ts'
import { forEachReport } from '../support/report-files.ts'
import { drawAllCharts, paintedPixels } from '../support/report-page.ts'

/** What a sheet of A4 holds between its margins, in CSS pixels. */
const sheet = { width: 702, height: 1017 }

/** As a printer has it: the page as paper, every chart drawn. */
async function onPaper(page: Page): Promise<void> {
  await page.setViewportSize(sheet)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await drawAllCharts(page)
}

/** What a reader of paper could not use, and is on it all the same. */
const controls = `[...document.querySelectorAll('nav, summary, label, select, input, button:not([aria-pressed="true"], th *)')]
  .filter((element) => element.checkVisibility())
  .map(({ outerHTML }) => outerHTML.slice(0, 100))`

test('On paper nothing is cut off, nothing is for clicking, and dark colours stay on the screen.', async (t) => {
  await forEachReport(t, async (page) => {
    await onPaper(page)
    assert.deepEqual(await standsOut(page), [])
    assert.deepEqual(await page.evaluate(scrolled), [])
    assert.deepEqual(await page.evaluate(controls), [])
    assert.equal(
      await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
      'rgb(255, 255, 255)',
    )
    for (const [id, pixels] of Object.entries(await paintedPixels(page))) assert.ok(pixels > 200, `${id}: ${pixels}`)
  })
})

/** What one would have to scroll to read. */
const scrolled = `[...document.querySelectorAll('body *')]
  .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth && element.clientWidth > 1)
  .filter((element) => getComputedStyle(element).overflowX !== 'visible')
  .map(({ outerHTML }) => outerHTML.slice(0, 100))`

/** Numbers of which a part, or the unit, stands on the next line. */
const brokenNumbers = `(() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  const broken = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest('td') || !node.parentElement.checkVisibility()) continue
    for (const { index, 0: number } of node.data.matchAll(/[+\\u2212]?\\d[\\d.,]*(%|\\u00a0\\S+|\\/s)?/g)) {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + number.length)
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)))
      if (lines.size > 1) broken.push(number)
    }
  }
  return broken
})()`

/** Tables and cells that stand out of their chart or of the page, or into the next cell. */
const spilling = `[...document.querySelectorAll('table, td, th')]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height > 1)
  .filter((each) => {
    const room = (each.closest('figure') ?? document.querySelector('main')).getBoundingClientRect()
    return each.getBoundingClientRect().right > room.right + 0.5 || (each.tagName === 'TD' && each.scrollWidth > each.clientWidth + 1)
  })
  .map(({ tagName, textContent }) => tagName + ' ' + textContent.trim().slice(0, 40))`

/** Has the tables made that a reader makes: of every figure, and of two variants. */
const makeTables = `document.getElementById('raw')?.scrollIntoView()
for (const button of [...document.querySelectorAll('#compare button[data-name]')].slice(0, 2)) button.click()`

test('On paper every number stands with its unit on one line, and no cell in another.', async (t) => {
  await forEachReport(t, async (page) => {
    await page.evaluate(makeTables)
    for (const made of ['#raw-rows', '#compare-result'])
      if (await page.$(made)) await page.waitForSelector(`${made} td, ${made} p`)
    await onPaper(page)
    assert.deepEqual(await page.evaluate(brokenNumbers), [])
    assert.deepEqual(await page.evaluate(spilling), [])
  })
})

/** Of each group of charts whose names stand above it. */
const namesAboveCharts = `[...document.querySelectorAll('.charts')].map((charts) =>
  [...charts.querySelectorAll(':scope > :first-child .variant')]
    .filter((name) => name.checkVisibility())
    .map(({ textContent }) => textContent))`

test('On paper the names of the variants that are drawn stand above each group of charts.', async (t) => {
  const look = async (page: Page) => {
    await page.click('.legend button >> nth=1')
    for (const [button, state] of [
      ['.legend button >> nth=1', 'true'],
      ['.legend button >> nth=2', 'false'],
    ] as const) {
      await page.emulateMedia({ media: 'screen' })
      await page.click(button)
      assert.equal(await page.getAttribute(button, 'aria-pressed'), state)
      await onPaper(page)
    }
    const names = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.legend .variant')].map(({ textContent }) => textContent).filter((_, at) => at !== 2)`,
    )
    const above = await page.evaluate<string[][]>(namesAboveCharts)
    assert.ok(above.length > 1)
    for (const each of above) assert.deepEqual(each, names)
    await page.emulateMedia({ media: 'screen' })
    assert.deepEqual((await page.evaluate<string[][]>(namesAboveCharts)).flat(), [])
  }
  await forEachReport(t, look, ['a campaign', 'a campaign of many variants'])
})

const columnsOfCells = `[...document.querySelectorAll('.by-variant tbody tr:has(td)')]
  .map((row) => [...row.querySelectorAll('td')].map(({ dataset }) => dataset.column))`
const columnsOfTables = `[...document.querySelectorAll('.by-variant tbody tr:has(td)')]
  .map((row) => [...row.closest('table').querySelectorAll('thead .column')].map(({ textContent }) => textContent))`

test('A PDF of a page has its title, its pages and its charts.', async (t) => {
  const print = async (page: Page) => {
    const title = await page.title()
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const pages = pdf.match(/\/Type \/Page\b/g) ?? []
    assert.ok(pages.length > 1 && pages.length < 30, `${pages.length} pages`)
    assert.ok(pdf.includes(`/Title (${title})`))
    const undrawn = await page.evaluate(`document.querySelectorAll('canvas:not([data-drawn])').length`)
    assert.equal(undrawn, 0)
    // Where the table is too wide for a sheet, its cells say which column they are of.
    const columns = await page.evaluate<string[][]>(columnsOfCells)
    assert.ok(columns.length > 0)
    assert.deepEqual(columns, await page.evaluate(columnsOfTables))
  }
  await forEachReport(t, print, ['a campaign'])
})
