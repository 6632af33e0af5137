import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
export function documentsOf(pool: Pool, options: EvaluateOptions): Record<string, string> {
  const results = resultsOf(pool, options)
  return {
    'README.md': page(results),
    'power.svg': powerPlot(results),
    'false-changes.svg': falseChangesPlot(results),
    'rules.svg': rulesPlot(results),
  }
}

/** Reads the pool and writes the page and its plots beside it. */
export async function analyse(poolFile: string, dir: string): Promise<void> {
  const documents = documentsOf(readPool(await readFile(poolFile, 'utf8')), studyOptions)
  await mkdir(dir, { recursive: true })
  for (const [name, text] of Object.entries(documents)) await writeFile(join(dir, name), text)
  console.log(`${Object.keys(documents).join(', ')}: ${dir}`)
}
