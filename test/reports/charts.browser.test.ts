import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { compareRun } from '../../harness/compare/campaign.ts'
import { effectsOf } from '../../reports/data/effects.ts'
import { formatRatio } from '../../reports/format.ts'
import { renderReport } from '../../reports/page.ts'
import { viewOf } from '../../reports/view.ts'
import { saturatedRun } from '../compare/saturation/saturated-run.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun } from '../support/records.ts'
import { listenTo, paintedPixels } from '../support/report-page.ts'

const run = goldenRun({ samples: 500, blocks: 2 })
const comparison = compareRun(run)

async function openReport(
  t: TestContext,
  html: Promise<string>,
): Promise<{ page: Page; heard: ReturnType<typeof listenTo> } | null> {
  const browser = await chromiumFor(t)
  if (!browser) return null
  const folder = await mkdtemp(join(tmpdir(), 'weir-report-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, await html)
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
  const heard = listenTo(page)
  await page.goto(pathToFileURL(file).href)
  return { page, heard }
}

/** Near enough to be drawn. */
async function drawn(page: Page, id: string): Promise<void> {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded()
  await page.waitForSelector(`#${id}[data-drawn]`)
}

const paintedOn = async (page: Page, id: string): Promise<number> => (await paintedPixels(page))[id] ?? 0

test('In Chromium cells lead to details, latencies are chosen, one cursor is on all charts of a scenario, and effects are chosen by metric.', async (t) => {
  const opened = await openReport(t, renderReport(run, comparison))
  if (!opened) return
  const { page, heard } = opened
  await cellsLeadToDetails(page)
  await latenciesAreChosen(page)
  await oneCursorForAll(page)
  await keysMoveTheCursor(page)
  await effectsAreChosen(page)
  assert.deepEqual(heard.messages, [])
})

test('In Chromium a saturation has its curves, and tells the values of what is pointed at', async (t) => {
  const saturated = saturatedRun()
  const opened = await openReport(t, renderReport(saturated, compareRun(saturated)))
  if (!opened) return
  const { page, heard } = opened
  for (const id of ['chart-0-connections-throughput', 'chart-0-connections-latency']) {
    await drawn(page, id)
    const before = await paintedOn(page, id)
    assert.ok(before > 500, id)
    const box = (await page.locator(`#${id}`).boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    assert.ok((await paintedOn(page, id)) > before, `${id} tells the values of what is pointed at`)
  }
  assert.deepEqual(heard.messages, [])
})

async function cellsLeadToDetails(page: Page): Promise<void> {
  await page.click('.matrix tr[data-variant="1"] a.verdict')
  const target = await page.evaluate('document.querySelector(":target").dataset.variant')
  assert.equal(target, 'polling')
}

async function latenciesAreChosen(page: Page): Promise<void> {
  const id = 'chart-0-latency'
  await drawn(page, id)
  const buttons = page.locator(`button[data-chart="${id}"]`)
  const intended = await paintedOn(page, id)
  await buttons.nth(2).focus()
  await page.keyboard.press('Enter')
  const both = await paintedOn(page, id)
  assert.ok(both > intended, `${both} pixels for both, ${intended} for one`)
  await buttons.nth(1).click()
  assert.ok((await paintedOn(page, id)) < both)
  assert.deepEqual(await buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-pressed'))), [
    'false',
    'true',
    'false',
  ])
}

const [pointedAt, follows] = ['chart-0-throughput', 'chart-0-latency-p50-over-time']

async function oneCursorForAll(page: Page): Promise<void> {
  for (const id of [pointedAt, follows]) await drawn(page, id)
  const before = await paintedOn(page, follows)
  const box = (await page.locator(`#${pointedAt}`).boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const during = await paintedOn(page, follows)
  assert.ok(during > before, `the chart beside shows values, too: ${during} of ${before} pixels`)
  await page.mouse.move(box.x + box.width / 2, box.y - 60)
  assert.equal(await paintedOn(page, follows), before)
}

async function keysMoveTheCursor(page: Page): Promise<void> {
  const chart = page.locator(`#${pointedAt}`)
  const before = await paintedOn(page, follows)
  await chart.focus()
  assert.equal(await chart.getAttribute('role'), 'slider')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  assert.equal(await chart.getAttribute('aria-valuenow'), '2')
  assert.match((await chart.getAttribute('aria-valuetext'))!, /^2 s into the load, .*polling: \d+\/s/)
  assert.ok((await paintedOn(page, follows)) > before)
  await page.keyboard.press('Escape')
  assert.equal(await paintedOn(page, follows), before)
}

async function effectsAreChosen(page: Page): Promise<void> {
  const metrics = effectsOf(viewOf(run, comparison))
  const at = metrics.findIndex(({ title }) => title === 'CPU per operation')
  await page.selectOption('#forest-choice', String(at))
  const shown = await page.locator('#forest-plot td data').allTextContents()
  const expected = metrics[at]!.numbers.flatMap(({ effects }) => effects.map(({ estimate }) => formatRatio(estimate)))
  assert.deepEqual(shown, expected)
}
