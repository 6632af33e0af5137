import assert from 'node:assert/strict'
import { test } from 'node:test'
import { violationsOf } from '../support/axe.ts'
import { chromiumFor } from '../support/chromium.ts'
import { forEachReport } from '../support/report-files.ts'

test('Nothing on a page in dark colours goes against WCAG 2 AA.', async (t) => {
  await forEachReport(t, async (page) => {
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await violationsOf(page), [])
  })
})

test('What goes against it is found.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const page = await browser.newPage()
  await page.setContent(
    '<html lang="en"><title>t</title><p style="color:#999;background:#fff">dim</p><button></button>',
  )
  const found = await violationsOf(page)
  assert.deepEqual(
    found.map((each) => each.split(':')[0]),
    ['button-name', 'color-contrast'],
  )
})
