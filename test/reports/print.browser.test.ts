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
const controls = `[...document.querySelectorAll('nav, summary, select, input, button:not([aria-pressed="true"], th *)')]
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
