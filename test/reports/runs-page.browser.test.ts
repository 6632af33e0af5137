import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { renderRuns } from '../../reports/runs-page.ts'
import { chromiumFor } from '../support/chromium.ts'
import { goldenRun } from '../support/records.ts'
import { listenTo, paintedPixels } from '../support/report-page.ts'

const hostile = '<script>alert(1)</script>'
const runs = [21, 22, 23].map((day) => {
  const run = goldenRun({ samples: 400, blocks: 2, seed: day })
  const header = { ...run.header, id: `${day} ${hostile}`, startedAt: `2026-11-${day}T03:15:02.000Z` }
  return { ...run, header }
})

test('In Chromium the page of several runs draws every chart, asks for nothing, says nothing and fits a phone.', async (t) => {
  const browser = await chromiumFor(t)
  if (!browser) return
  const folder = await mkdtemp(join(tmpdir(), 'weir-runs-page-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, await renderRuns(runs))
  const url = pathToFileURL(file).href

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const heard = listenTo(page)
  await page.goto(url)
  const painted = Object.entries(await paintedPixels(page))
  assert.ok(painted.length > 10)
  for (const [id, pixels] of painted) assert.ok(pixels > 200, `${id}: ${pixels} pixels are painted`)
  assert.equal(await page.locator('tr[data-run] th').nth(2).innerText(), `23 ${hostile}\nmain`)
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(url)
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
  assert.deepEqual(
    heard.requests.filter((each) => each !== url && !each.startsWith('data:')),
    [],
  )
  assert.deepEqual(heard.messages, [])
})
