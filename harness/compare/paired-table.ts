import type { ComparisonPlan, Run, Scope } from '../record/schema.ts'
import { type Comparison, compareRun } from './campaign.ts'
import { clip, layOut, plain, wrap } from './columns.ts'
import { exclusionNotes } from './exclusions.ts'
import { formatDifference, formatPercent, formatPercentRange } from './figures.ts'
import { headlineTable } from './headlines.ts'
import { type ComparisonResult, comparePairs, type PairedComparison } from './paired-comparison.ts'
import { primaryId } from './pairs.ts'
import type { TableOptions } from './table.ts'
import { paintVerdict } from './verdict-table.ts'

/**
 * The terminal table of a comparison: by scenario its gate metrics with their verdicts, then what was seen of others, then
 * what was left out and why. Ends with a newline.
 *
 * @throws UserError where the run is no comparison
 */
export function formatPairedTable(run: Run, options: TableOptions): string {
  const result = comparePairs(run)
  const title = titleLines(run, result).flatMap((line) => wrap(line, options.width).map((text) => text.slice(2)))
  const sections = run.header.scenarios.flatMap(({ name, primary }) => {
    const ofScenario = result.comparisons.filter(({ scenario }) => scenario === name)
    return [
      [clip(plain(name), options.width), ...pairedRows(ofScenario, options)],
      descriptive(run, name, primary, options.width),
      notesOf(run, ofScenario, name).flatMap((note) => wrap(plain(note), options.width)),
    ]
  })
  const blocks = [title, ...sections].filter((lines) => lines.length > 0)
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const endInWords: Record<NonNullable<ComparisonPlan['ended']>, string> = {
  decided: 'everything is decided',
  budget: 'the budget is spent',
  'most-pairs': 'there were no more pairs to run',
  unusable: 'no pair can be used',
  interrupted: 'interrupted',
}

/** Records were taken away since, or an older weir ended on what is not a verdict today. */
const notDecidedHere = 'it ended as decided, and is not by what is here'

function titleLines({ header }: Run, { validPairs, invalidPairs, seed, isDecided }: ComparisonResult): string[] {
  const { variant, against, ended, alpha = 0 } = { ...header.comparison }
  const invalid = invalidPairs > 0 ? `, ${invalidPairs} not` : ''
  const end = ended ? (ended === 'decided' && !isDecided ? notDecidedHere : endInWords[ended]) : 'more to come'
  return [
    plain(
      `${variant} against ${against}: ${validPairs} valid ${validPairs === 1 ? 'pair' : 'pairs'}${invalid}; ${end}`,
    ),
    `Hodges-Lehmann, signed-rank intervals; a wrong "changed" in ${percentOf(alpha)} of such comparisons at most (seed ${seed})`,
  ]
}

const percentOf = (share: number): string => `${Number((100 * share).toPrecision(2))}%`

/** One row a gate metric. */
function pairedRows(comparisons: PairedComparison[], { width, color }: TableOptions): string[] {
  const cells = (textOf: (comparison: PairedComparison) => string) => comparisons.map(textOf)
  return layOut(
    [
      { title: 'metric', align: 'left', minWidth: 32, cells: cells(({ metric }) => plain(metric)) },
      {
        title: 'change',
        align: 'right',
        cells: cells(({ estimate }) => (estimate === null ? '-' : formatPercent(estimate))),
      },
      { title: 'interval', align: 'right', cells: cells(intervalOf) },
      {
        title: 'difference',
        align: 'right',
        expendable: 1,
        cells: cells(({ difference, unit }) => (difference ? formatDifference(difference.estimate, unit) : '')),
      },
      { title: 'pairs', align: 'right', cells: cells(({ pairs }) => String(pairs)) },
      {
        title: 'verdict',
        align: 'left',
        cells: cells(({ verdict }) => verdict),
        ...(color ? { paint: paintVerdict } : {}),
      },
    ],
    width,
  )
}

const intervalOf = ({ lower, upper }: PairedComparison): string =>
  lower === null || upper === null ? '-' : formatPercentRange(lower, upper)

/** The usual headline figures that are no gate metrics: what was seen, and no verdict. */
function descriptive(run: Run, scenario: string, primary: string, width: number): string[] {
  const decided = (run.header.comparison?.metrics ?? []).map(({ metric }) => primaryId(metric))
  const isDecided = ({ metric, stat, scope }: Comparison) =>
    decided.some((id) => id.metric === metric && id.stat === stat && isSameScope(id.scope, scope))
  const comparisons = compareRun(run).comparisons.filter((each) => each.scenario === scenario && !isDecided(each))
  return headlineTable(comparisons, run.header, primaryId(primary), width)
}

const isSameScope = (a: Scope, b: Scope): boolean => a.scenario === b.scenario && a.phase === b.phase

const notesOf = (run: Run, comparisons: readonly PairedComparison[], scenario: string): string[] => [
  ...comparisons.filter(({ verdict }) => verdict === 'inconclusive').map(effectNote),
  ...exclusionNotes(run, scenario),
]

/** What an inconclusive result does not exclude. */
export function effectNote({ metric, pairs, smallestEffect, doubt }: PairedComparison): string {
  const effect = smallestEffect === null ? 'nothing' : `${formatPercent(smallestEffect).replace('+', '')} or more`
  const shown = `these ${pairs} pairs could have shown an effect of ${effect}`
  if (doubt === null) return `${metric}: inconclusive; ${shown}`
  return smallestEffect === null ? `${metric}: ${doubt}` : `${metric}: ${doubt}; ${shown}`
}
