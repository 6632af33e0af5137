import type { Unit } from '../metrics/table.ts'
import type { Run } from '../record/schema.ts'
import type { Comparison } from './campaign.ts'
import { variantsUnder } from './cells.ts'
import { type Column, layOut, plain } from './columns.ts'
import { median } from './estimate.ts'
import { formatDifference, formatPercent, formatPercentRange, formatValue } from './figures.ts'
import { isSame, type ObservationId } from './observation-id.ts'
import { usableValue } from './pairs.ts'
import type { TableOptions } from './table.ts'

/** Lines of the primary metric of one scenario: a row for each variant of the header, the baseline among them. */
export function verdictTable(
  comparisons: Comparison[],
  run: Run,
  scenario: string,
  primary: ObservationId,
  { width, color }: TableOptions,
): string[] {
  const variants = variantsUnder(run.header, scenario).map(({ name }) => name)
  const rows = variants.map((name) => comparisons.find((each) => each.variant === name))
  const words = variants.map((name, row) => (name === run.header.baseline ? 'baseline' : wordOf(rows[row], run)))
  const cells = (textOf: (comparison: Comparison) => string) => rows.map((row) => (row ? textOf(row) : ''))
  const columns: Column[] = [
    { title: 'variant', align: 'left', minWidth: 8, cells: variants.map(plain) },
    { title: 'median', align: 'right', cells: variants.map((name) => medianValue(run, scenario, name, primary)) },
    {
      title: 'change',
      align: 'right',
      cells: cells(({ estimate }) => (estimate === null ? '' : formatPercent(estimate))),
    },
    { title: '95% interval', align: 'right', expendable: 1, cells: cells(intervalOf) },
    {
      title: 'difference',
      align: 'right',
      expendable: 2,
      cells: cells(({ difference, unit }) => formatDifference(difference.estimate, unit)),
    },
    { title: 'verdict', align: 'left', cells: words, ...(color ? { paint: paintVerdict } : {}) },
  ]
  return layOut(columns, width)
}

const intervalOf = ({ lower, upper }: Comparison): string =>
  lower === null || upper === null ? '' : formatPercentRange(lower, upper)

function wordOf(comparison: Comparison | undefined, { records }: Run): string {
  if (!comparison) return 'no pair'
  if (comparison.verdict) return comparison.verdict
  const isOneBlock = new Set(records.map(({ key }) => key.block)).size === 1
  return isOneBlock ? 'no verdict (one block)' : 'one pair'
}

/** Of all usable trials of the variant, whether or not the other side of the pair is usable. */
function medianValue(run: Run, scenario: string, variant: string, id: ObservationId): string {
  const records = run.records.filter((record) => record.scenario === scenario && record.variant === variant)
  const values = records.map((record) => usableValue(record, id)).filter((value) => value !== null)
  return values.length === 0 ? '-' : formatValue(median(values), unitOf(run, id))
}

const unitOf = ({ records }: Run, id: ObservationId): Unit =>
  records.flatMap(({ observations }) => observations).find((each) => isSame(each, id))?.unit ?? 'none'

const colors: Record<string, string> = { improved: '32', regressed: '31', inconclusive: '33' }

export function paintVerdict(text: string): string {
  const word = text.trim()
  const code = colors[word]
  return code === undefined ? text : text.replace(word, `\u001b[${code}m${word}\u001b[0m`)
}

/** What an inconclusive result does not exclude: a smaller effect than these pairs could show. */
export const effectNotes = (comparisons: Comparison[]): string[] =>
  comparisons
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map(({ variant, pairs, smallestEffect, doubt }) => {
      if (smallestEffect === null) return `${variant}: ${doubt ?? 'no ratio, since a value is zero or negative'}`
      const shown = `these ${pairs} pairs could have shown an effect of ${formatPercent(smallestEffect).replace('+', '')} or more`
      return `${variant}: ${doubt === null ? shown : `${doubt}; ${shown}`}`
    })
