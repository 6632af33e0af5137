import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { forEachReport } from '../support/report-files.ts'

/** By table: left end and width of the pictures of its rows, and of the names of ticks above them, in whole pixels. */
const pictures = `[...document.querySelectorAll('table:has(.ratios.ticks)')].map((table) => {
  const placeOf = (picture) => {
    const { left, width } = picture.getBoundingClientRect()
    return [Math.round(left), Math.round(width)].join(' for ')
  }
  const places = (kind) => [...new Set([...table.querySelectorAll(kind)].map(placeOf))]
  return { names: places('.ratios.ticks'), rows: places('.ratios.effect, .ratios.waterfall') }
})`

test('Names of ticks stand where the lines of the pictures below them are.', async (t) => {
  const look = async (page: Page) => {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      const tables: { names: string[]; rows: string[] }[] = await page.evaluate(pictures)
      assert.ok(tables.length > 1, `${tables.length} tables`)
      for (const { names, rows } of tables) assert.deepEqual(names, rows, `${width} px wide`)
    }
  }
  await forEachReport(t, look, ['an ablation'])
})
