import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { chromiumFor } from './chromium.ts'
import { type ReportKind, reportKinds } from './report-kinds.ts'

/** The address of a page on the disk, as somebody opens it; removed when the test ends. */
export async function addressOf(markup: string, test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-page-'))
  test.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.html')
  await writeFile(file, markup)
  return pathToFileURL(file).href
}

/** Opens a page of each kind, or of those that are named, each in a test of its own. */
export async function forEachReport(
  test: TestContext,
  look: (page: Page) => Promise<void>,
  kinds: readonly ReportKind['what'][] = reportKinds.map(({ what }) => what),
): Promise<void> {
  const browser = await chromiumFor(test)
  if (!browser) return
  for (const { what, render } of reportKinds.filter((kind) => kinds.includes(kind.what)))
    await test.test(what, async (each) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(await addressOf(await render(), each))
      await look(page)
      await page.close()
    })
}
