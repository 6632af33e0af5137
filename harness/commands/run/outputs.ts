import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderReport } from '../../../reports/page.ts'
import { ablationFile } from '../../compare/ablation-file.ts'
import { formatAblationTable } from '../../compare/ablation-table.ts'
import { compareRun } from '../../compare/campaign.ts'
import { claimsFile } from '../../compare/claims-file.ts'
import { formatClaimsTable } from '../../compare/claims-table.ts'
import { formatComparisonTable, type TableOptions } from '../../compare/table.ts'
import type { Run } from '../../record/schema.ts'

/** The table that answers a campaign's question: its claims, its ablation, or else variant beside variant. */
export function tableOf(run: Run, options: TableOptions): string {
  if (run.header.claims) return formatClaimsTable(run, options)
  if (run.header.ablation) return formatAblationTable(run, options)
  return formatComparisonTable(compareRun(run), run, options)
}

/** Tables, report and what programs read, all from the records; @returns paths of what people ask for, by name */
export async function writeOutputs(run: Run, dir: string): Promise<Record<string, string>> {
  const comparison = compareRun(run)
  const options = { width: 80, color: false }
  const isPlain = !run.header.claims && !run.header.ablation
  const tables = [...(isPlain ? [] : [tableOf(run, options)]), formatComparisonTable(comparison, run, options)]
  await writeFile(join(dir, 'table.txt'), `${tables.join('\n')}\n`)
  const written: Record<string, string> = {}
  const write = async (what: string, name: string, text: string) => {
    written[what] = join(dir, name)
    await writeFile(join(dir, name), text)
  }
  if (run.header.claims) await write('claims', 'claims.json', json(claimsFile(run)))
  if (run.header.ablation) await write('ablation', 'ablation.json', json(ablationFile(run)))
  await write('report', 'report.html', await renderReport(run, comparison))
  return written
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
