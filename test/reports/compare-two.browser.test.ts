import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { compareRun } from '../../harness/compare/campaign.ts'
import { compareTwo } from '../../harness/compare/two-variants.ts'
import { renderReport } from '../../reports/page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun, goldenVariants } from '../support/records.ts'
import { listenTo } from '../support/report-page.ts'

const hostile = '<script>alert(1)</script>'
const [optimized, polling, perCall] = goldenVariants
const run = goldenRun({ samples: 400, variants: [optimized!, polling!, { ...perCall!, name: hostile }] })
const comparison = compareRun(run)

interface ShownRow {
  scenario: string
  metric: string
  estimate: number | null
  lower: number | null
  upper: number | null
  verdict: string
}

const shownRows = (page: Page): Promise<ShownRow[]> =>
  page.evaluate(`(() => {
    const number = (text) => (text === '' ? null : Number(text))
    return [...document.querySelectorAll('#compare-result tr[data-metric]')].map((row) => ({
      scenario: row.dataset.scenario,
      metric: row.dataset.metric,
      estimate: number(row.querySelector('data.estimate').value),
      lower: number(row.querySelector('[data-lower]').dataset.lower),
      upper: number(row.querySelector('[data-upper]').dataset.upper),
      verdict: row.lastElementChild.textContent,
    }))
  })()`)

const primariesOf = ({ comparisons }: typeof comparison, name: string) =>
  comparisons
    .filter(({ primary, variant }) => primary && variant === name)
    .map(({ scenario, metric, estimate, lower, upper, verdict }) => ({
      scenario,
      metric,
      estimate,
      lower,
      upper,
      verdict,
    }))

/** Of the page: each scenario's first row, which is that of its primary metric. */
const firstRows = (rows: readonly ShownRow[]) =>
  rows
    .filter(({ scenario }, at) => rows.findIndex((other) => other.scenario === scenario) === at)
    .map((row) => ({ ...row, verdict: row.verdict.split(' ')[1] }))

test('In Chromium any two variants can be compared, by keys too, and the numbers are those of the comparison.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const folder = await mkdtemp(join(tmpdir(), 'weir-compare-two-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, await renderReport(run, comparison))
  const url = pathToFileURL(file).href
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  await page.goto(url)
  await page.waitForSelector('#compare:not([hidden])')

  const buttons = page.locator('#compare .choices button')
  await buttons.nth(0).press('Enter')
  assert.equal(await page.locator('#compare-words').innerText(), 'A is optimized; choose B.')
  await buttons.nth(1).press('Space')
  await page.waitForSelector('#compare-result table')
  assert.deepEqual(firstRows(await shownRows(page)), primariesOf(comparison, 'polling'))
  assert.ok((await shownRows(page)).filter(({ verdict }) => verdict === 'describes').length > 2)

  await buttons.nth(2).click()
  assert.deepEqual(firstRows(await shownRows(page)), primariesOf(comparison, hostile))
  await page.click('#compare-swap')
  assert.deepEqual(firstRows(await shownRows(page)), primariesOf(compareTwo(run, hostile, 'optimized'), 'optimized'))
  assert.equal(await buttons.nth(2).getAttribute('aria-pressed'), 'true')
  assert.equal(await page.locator('#compare-words').innerText(), `B, optimized, against A, ${hostile}.`)

  const linked = page.url()
  const rows = await shownRows(page)
  await page.goto('about:blank')
  await page.goto(linked)
  await page.waitForSelector('#compare-result table')
  assert.deepEqual(await shownRows(page), rows)
  await page.click('#compare-reset')
  assert.deepEqual(await shownRows(page), [])

  await page
    .locator('#matrix a[data-variant="optimized"], #verdicts a[data-variant="optimized"]')
    .first()
    .press('Enter')
  assert.equal(await page.locator('#compare-words').innerText(), 'A is optimized; choose B.')
  await page.selectOption('#forest-choice', '1')
  await page.click('#forest a[data-variant="polling"]')
  await page.waitForSelector('#compare-result table')
  assert.deepEqual(firstRows(await shownRows(page)), primariesOf(comparison, 'polling'))
  await page.waitForURL(`${url}#compare=optimized&with=polling`)
  await page.waitForFunction(
    `scrollY > 0 && document.querySelector('#compare-words').getBoundingClientRect().top < innerHeight`,
  )

  const elsewhere = heard.requests.filter((each) => !each.startsWith(url) && !/^(data|about):/.test(each))
  assert.deepEqual(elsewhere, [])
  assert.deepEqual(heard.messages, [])
})
