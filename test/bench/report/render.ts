/**
 * Renders the run of a folder in a process of its own, and sends what that took: `node render.ts DIR FILE`.
 */
import { writeFileSync } from 'node:fs'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { readRun } from '../../../harness/record/store.ts'
import { renderReport } from '../../../reports/page.ts'

/** All in ms; the most memory that the process had, in MB; the page's size in bytes. */
export interface RenderCost {
  readMs: number
  compareMs: number
  renderMs: number
  readPeakMB: number
  peakMB: number
  bytes: number
}

const [dir, file] = process.argv.slice(2)
if (process.send && dir && file) process.send(await render(dir, file))

async function render(dir: string, file: string): Promise<RenderCost> {
  const started = performance.now()
  const run = await readRun(dir)
  const [readMs, readPeakMB] = [performance.now() - started, peakMB()]
  const comparison = compareRun(run)
  const compareMs = performance.now() - started - readMs
  const page = await renderReport(run, comparison)
  const renderMs = performance.now() - started - readMs - compareMs
  writeFileSync(file, page)
  return { readMs, compareMs, renderMs, readPeakMB, peakMB: peakMB(), bytes: Buffer.byteLength(page) }
}

function peakMB(): number {
  return process.resourceUsage().maxRSS / 1000
}
