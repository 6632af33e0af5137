import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LiveComparison } from './document/live.ts'
import { page } from './document/page.ts'
import { resultsOf } from './document/results.ts'
import type { EvaluateOptions } from './evaluate.ts'
import { falseChangesPlot } from './plots/false-changes.ts'
import { powerPlot } from './plots/power.ts'
import { rulesPlot } from './plots/rules.ts'
import { type Pool, readPool } from './pool/pool.ts'

/** The study's own: what stands in docs/study was made with these. */
export const studyOptions: EvaluateOptions = { comparisons: 500, twinComparisons: 2000, seed: 5 }

/** Files by name, from the pool alone: the same pool gives the same bytes. */
export function documentsOf(
  pool: Pool,
  live: readonly LiveComparison[],
  options: EvaluateOptions,
): Record<string, string> {
  const results = resultsOf(pool, options)
  return {
    'README.md': page(results, live),
    'power.svg': powerPlot(results),
    'false-changes.svg': falseChangesPlot(results),
    'rules.svg': rulesPlot(results),
  }
}

/** Reads what was stored and makes the page and its plots of it. @param dir docs/study, with `data/` in it */
export async function documentsIn(dir: string): Promise<Record<string, string>> {
  const data = join(dir, 'data')
  const live = (await readdir(data)).filter((name) => /^live-.+\.json$/.test(name)).sort()
  const pool = readPool(await readFile(join(data, 'pool.json'), 'utf8'))
  const found = await Promise.all(live.map(async (name) => JSON.parse(await readFile(join(data, name), 'utf8'))))
  return documentsOf(pool, found as LiveComparison[], studyOptions)
}

/** Writes the page and its plots beside what was stored. */
export async function analyse(dir: string): Promise<void> {
  const documents = await documentsIn(dir)
  for (const [name, text] of Object.entries(documents)) await writeFile(join(dir, name), text)
  console.log(`${Object.keys(documents).join(', ')}: ${dir}`)
}
