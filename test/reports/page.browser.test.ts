import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { compareRun } from '../../harness/compare/campaign.ts'
import { formatRatio } from '../../reports/format.ts'
import { renderReport } from '../../reports/page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun } from '../support/records.ts'
import { listenTo, paintedPixels, shownVerdicts } from '../support/report-page.ts'

const run = goldenRun({ samples: 1000 })
const comparison = compareRun(run)

/** The report's address, on a disk. */
async function writtenReport(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-report-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, await renderReport(run, comparison))
  return pathToFileURL(file).href
}

test('In Chromium the page draws every chart, asks for nothing, says nothing and fits a phone.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  const url = await writtenReport(t)
  await page.goto(url)

  const painted = await paintedPixels(page)
  assert.equal(Object.keys(painted).length, 25)
  for (const [id, pixels] of Object.entries(painted)) assert.ok(pixels > 500, `${id}: ${pixels} pixels are painted`)
  await verdictsAreTheComparisons(page)
  await legendHidesAVariant(page, painted)

  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'), 'rgb(20, 23, 27)')
  await page.setViewportSize({ width: 360, height: 740 })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)

  assert.deepEqual(
    heard.requests.filter((each) => each !== url && !each.startsWith('data:')),
    [],
  )
  assert.deepEqual(heard.messages, [])
})

async function verdictsAreTheComparisons(page: Page): Promise<void> {
  const expected = comparison.comparisons
    .filter(({ primary }) => primary)
    .map(({ scenario, variant, verdict, estimate }) => ({
      scenario,
      variant,
      verdict,
      estimate,
      shown: formatRatio(estimate),
    }))
  const shown = await shownVerdicts(page)
  const inOrder = expected.map(({ scenario, variant }) =>
    shown.find((each) => each.scenario === scenario && each.variant === variant),
  )
  assert.equal(shown.length, expected.length)
  assert.deepEqual(
    inOrder.map((each) => each && { ...each, verdict: each.verdict.split(' ')[1] }),
    expected,
  )
}

async function legendHidesAVariant(page: Page, painted: Record<string, number>): Promise<void> {
  const button = 'button[data-variant="1"]'
  await page.focus(button)
  await page.keyboard.press('Enter')
  assert.equal(await page.getAttribute(button, 'aria-pressed'), 'false')
  assert.notEqual((await paintedPixels(page))['chart-0-memory'], painted['chart-0-memory'])
}
