import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { trendsOf } from '../../harness/compare/trends.ts'
import { renderHistory } from '../../reports/history-page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { listenTo, paintedPixels } from '../support/report-page.ts'
import { historyOf, numberOf } from '../support/run-values.ts'

const history = historyOf(24, (day) => [
  numberOf([(day <= 12 ? 43 : 47) + (day % 3)]),
  numberOf([60 + (day % 4)], { variant: 'polling' }),
  numberOf([(day <= 18 ? 0.62 : 0.7) + 0.004 * (day % 3)], { metric: 'target_cpu_per_op{phase:paced} value' }),
])

test('In Chromium a history draws every chart, asks for nothing, says nothing and fits a phone.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const folder = await mkdtemp(join(tmpdir(), 'weir-history-page-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'history.html')
  await writeFile(file, await renderHistory(trendsOf(history, { scenarios: [], metrics: [] })))
  const url = pathToFileURL(file).href

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  await page.goto(url)
  const painted = await paintedPixels(page)
  assert.equal(Object.keys(painted).length, 2)
  for (const [id, pixels] of Object.entries(painted)) assert.ok(pixels > 500, `${id}: ${pixels} pixels are painted`)
  await page.setViewportSize({ width: 360, height: 740 })
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  assert.deepEqual(
    heard.requests.filter((each) => each !== url && !each.startsWith('data:')),
    [],
  )
  assert.deepEqual(heard.messages, [])
})
