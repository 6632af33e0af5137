import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { compareRun } from '../../harness/compare/campaign.ts'
import type { Run } from '../../harness/record/schema.ts'
import { figureRows } from '../../reports/data/figure-rows.ts'
import { formatValue } from '../../reports/format.ts'
import { csv } from '../../reports/formats/csv.ts'
import { renderReport } from '../../reports/page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun, goldenVariants } from '../support/records.ts'
import { listenTo } from '../support/report-page.ts'

const hostile = '<script>alert(1)</script>'

/** Two variants, one with a name that is markup, and a trial of which a part may not be used. */
function hostileRun(): Run {
  const run = goldenRun({
    samples: 400,
    blocks: 2,
    variants: [goldenVariants[0]!, { ...goldenVariants[1]!, name: hostile }],
  })
  const [record] = run.records
  record!.invalid = [{ scenario: 'paced', code: 'generator-late', message: `late, "${hostile}"` }]
  return run
}

const run = hostileRun()
const figures = run.records.flatMap((record) => record.observations.map((observation) => ({ record, observation })))

async function openReport(t: TestContext, page: Page): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-raw-figures-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, await renderReport(run, compareRun(run)))
  const url = pathToFileURL(file).href
  await page.goto(url)
  await page.locator('#raw').scrollIntoViewIfNeeded()
  await page.waitForSelector('#raw-figures:not([hidden])')
  return url
}

/** The texts of the cells of each row. */
const rowsOf = (page: Page): Promise<string[][]> =>
  page.evaluate(
    `[...document.querySelectorAll('#raw-rows tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  )

const countOf = (page: Page): Promise<string> => page.locator('#raw-count').innerText()

async function downloaded(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

test('In Chromium every figure can be looked through, sorted, filtered and taken away.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  const url = await openReport(t, page)

  await firstRowsAreTheRecords(page)
  await showsMore(page)
  await sortsByValue(page)
  await filters(page)
  await downloadsWhatIsChosen(page)

  assert.deepEqual(
    heard.requests.filter((each) => each !== url && !/^(data|blob):/.test(each)),
    [],
  )
  assert.deepEqual(heard.messages, [])
})

async function firstRowsAreTheRecords(page: Page): Promise<void> {
  const rows = await rowsOf(page)
  assert.equal(rows.length, 200)
  assert.equal(await countOf(page), `${figures.length.toLocaleString('en-US')} figures, the first 200 are shown`)
  for (const [at, row] of rows.entries()) {
    const { record, observation } = figures[at]!
    const [scenario, variant, block, trial, , , value] = row
    assert.deepEqual(
      [scenario, variant, Number(block), Number(trial), value],
      [
        record.scenario,
        record.variant,
        record.key.block,
        record.trial,
        formatValue(observation.value, observation.unit),
      ],
    )
  }
}

async function showsMore(page: Page): Promise<void> {
  await page.focus('#raw-more')
  await page.keyboard.press('Enter')
  assert.equal((await rowsOf(page)).length, 400)
}

async function sortsByValue(page: Page): Promise<void> {
  const values = figures.map(({ observation }) => observation.value)
  for (const [direction, expected] of [
    ['ascending', values.toSorted((a, b) => a - b)],
    ['descending', values.toSorted((a, b) => b - a)],
    ['none', values],
  ] as const) {
    await page.focus('button.sort[data-sort="value"]')
    await page.keyboard.press('Enter')
    assert.equal(await page.getAttribute('th[data-sort="value"]', 'aria-sort'), direction)
    const shown = await page.evaluate(
      `[...document.querySelectorAll('#raw-rows data')].map(({ value }) => Number(value))`,
    )
    assert.deepEqual(shown, expected.slice(0, 200))
  }
}

async function filters(page: Page): Promise<void> {
  await page.selectOption('#raw-variant', hostile)
  await page.selectOption('#raw-metric', 'target_rss_peak')
  const rows = await rowsOf(page)
  assert.equal(rows.length, 4)
  assert.ok(rows.every((row) => row[1] === hostile))
  await page.fill('#raw-text', 'TEN-thousand')
  assert.equal((await rowsOf(page)).length, 2)
  assert.equal(await countOf(page), `2 figures of ${figures.length.toLocaleString('en-US')}`)
  for (const id of ['#raw-variant', '#raw-metric']) await page.selectOption(id, '')
  await page.fill('#raw-text', 'late, "<scr')
  const unusable = await rowsOf(page)
  const expected = figures.filter(
    ({ record, observation }) => record === run.records[0] && observation.scenario === 'paced',
  )
  assert.ok(unusable.length >= expected.length)
  assert.ok(unusable.every((row) => row[7]!.startsWith('✕ no: ') && row[7]!.endsWith(`late, "${hostile}"`)))
}

async function downloadsWhatIsChosen(page: Page): Promise<void> {
  const part = (await rowsOf(page)).length
  const some = await downloaded(page, '#raw-csv')
  assert.equal(some.text.split('\r\n').length, part + 2)
  await page.fill('#raw-text', '')
  const all = await downloaded(page, '#raw-csv')
  assert.equal(all.name, `${run.header.id}-figures.csv`)
  assert.equal(all.text, await csv.render([run]))
  const json = await downloaded(page, '#raw-json')
  assert.equal(json.name, `${run.header.id}-figures.json`)
  const read = JSON.parse(json.text) as {
    schema: string
    figures: { trial: number; metric: string; value: number; usable: boolean }[]
  }
  assert.equal(read.schema, 'weir.figures/1')
  assert.deepEqual(
    read.figures.map(({ trial, metric, value }) => ({ trial, metric, value })),
    figures.map(({ record, observation: { metric, value } }) => ({ trial: record.trial, metric, value })),
  )
  assert.equal(
    read.figures.filter(({ usable }) => !usable).length,
    figureRows(run).filter(({ reasons }) => reasons.length > 0).length,
  )
}
