import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderReport } from '../../../reports/page.ts'
import { ablationFile } from '../../compare/ablation-file.ts'
import { formatAblationTable } from '../../compare/ablation-table.ts'
import { compareRun } from '../../compare/campaign.ts'
import { claimsFile } from '../../compare/claims-file.ts'
import { formatClaimsTable } from '../../compare/claims-table.ts'
import { comparisonFile } from '../../compare/comparison-file.ts'
import { formatPairedTable } from '../../compare/paired-table.ts'
import { saturationFile } from '../../compare/saturation/file.ts'
import { formatSaturationTable } from '../../compare/saturation/table.ts'
import { formatComparisonTable, type TableOptions } from '../../compare/table.ts'
import type { Run } from '../../record/schema.ts'
import { isLive } from '../live/output.ts'

/** The table that answers a run's question: its claims, its ablation, its pairs, or else variant beside variant. */
export function tableOf(run: Run, options: TableOptions): string {
  if (run.header.claims) return formatClaimsTable(run, options)
  if (run.header.comparison) return formatPairedTable(run, options)
  if (run.header.saturation) return formatSaturationTable(run, options)
  if (run.header.ablation) return formatAblationTable(run, options)
  return formatComparisonTable(compareRun(run), run, options)
}

/** The same as it is printed. */
export const printedTable = (run: Run): string =>
  tableOf(run, { width: 80, color: isLive(process.stdout, process.env) })

/** Tables, report and what programs read, all from the records; @returns paths of what people ask for, by name */
export async function writeOutputs(run: Run, dir: string): Promise<Record<string, string>> {
  const comparison = compareRun(run)
  const options = { width: 80, color: false }
  const { claims, ablation } = run.header
  const beside = claims || ablation ? [formatComparisonTable(comparison, run, options)] : []
  const tables = [tableOf(run, options), ...beside]
  await writeFile(join(dir, 'table.txt'), `${tables.join('\n')}\n`)
  const written: Record<string, string> = {}
  const write = async (what: string, name: string, text: string) => {
    written[what] = join(dir, name)
    await writeFile(join(dir, name), text)
  }
  if (run.header.claims) await write('claims', 'claims.json', json(claimsFile(run)))
  if (run.header.ablation) await write('ablation', 'ablation.json', json(ablationFile(run)))
  if (run.header.saturation) await write('saturation', 'saturation.json', json(saturationFile(run)))
  if (run.header.comparison) await write('comparison', 'comparison.json', json(comparisonFile(run)))
  await write('report', 'report.html', await renderReport(run, comparison))
  return written
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
