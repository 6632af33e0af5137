import { type Column, layOut, plain, wrap } from '../compare/columns.ts'
import { counted, formatPercent, formatPercentRange } from '../compare/figures.ts'
import type { LimitResult } from './limits.ts'
import type { GatedComparison, GateResult } from './result.ts'
import { valueInWords } from './words.ts'

/** What `weir gate` prints at its end, in lines of at most `width` characters. */
export function terminalText(result: GateResult, width: number): string {
  const scenarios = [...new Set([...result.comparisons, ...result.limits].map(({ scenario }) => scenario))]
  return [
    ...wrap(plain(title(result)), width).map(outdent),
    ...scenarios.flatMap((scenario) => ['', plain(scenario), ...section(scenario, result, width)]),
    ...excluded(result, width),
    '',
    verdict(result),
    ...result.findings.flatMap(({ scenario, text }) =>
      wrap(plain(scenario === null ? text : `${scenario}: ${text}`), width),
    ),
  ].join('\n')
}

const outdent = (line: string): string => line.replace(/^ {2}/, '')

function title({ gate, head, base, validPairs, invalidPairs, seed }: GateResult): string {
  const invalid = invalidPairs === 0 ? '' : `, ${invalidPairs} more not valid`
  return `gate ${gate}: ${head} against ${base}, ${counted(validPairs, 'valid pair')}${invalid} (seed ${seed})`
}

function verdict({ outcome, exitCode, isStrict }: GateResult): string {
  const why = outcome === 'inconclusive' && !isStrict ? ', which fails a gate only with --strict' : ''
  return `${outcome} (exit code ${exitCode}${why})`
}

function excluded({ excluded }: GateResult, width: number): string[] {
  if (excluded.length === 0) return []
  return ['', 'not used', ...excluded.flatMap(({ scenario, reason }) => wrap(plain(`${scenario}: ${reason}`), width))]
}

function section(scenario: string, { comparisons, limits }: GateResult, width: number): string[] {
  const isOfScenario = (each: { scenario: string }) => each.scenario === scenario
  return [
    ...tableOf(comparisons.filter(isOfScenario), comparisonColumns, width),
    ...tableOf(limits.filter(isOfScenario), limitColumns, width),
  ]
}

const tableOf = <Row>(rows: Row[], columnsOf: (rows: Row[]) => Column[], width: number): string[] =>
  rows.length === 0 ? [] : layOut(columnsOf(rows), width)

const comparisonColumns = (rows: GatedComparison[]): Column[] => [
  { title: 'metric', align: 'left', minWidth: 16, cells: rows.map(({ metric }) => plain(metric)) },
  { title: 'base', align: 'right', expendable: 2, cells: rows.map((row) => valueInWords(row.baseValue, row)) },
  { title: 'head', align: 'right', expendable: 1, cells: rows.map((row) => valueInWords(row.headValue, row)) },
  {
    title: 'change',
    align: 'right',
    cells: rows.map(({ estimate }) => (estimate === null ? '' : formatPercent(estimate))),
  },
  {
    title: 'interval',
    align: 'right',
    cells: rows.map(({ lower, upper }) => (lower === null || upper === null ? '' : formatPercentRange(lower, upper))),
  },
  { title: 'pairs', align: 'right', cells: rows.map(({ pairs }) => String(pairs)) },
  { title: 'verdict', align: 'left', cells: rows.map((row) => row.verdict) },
]

const limitColumns = (rows: LimitResult[]): Column[] => [
  { title: 'limit', align: 'left', minWidth: 24, cells: rows.map((row) => plain(`${row.metric} ${row.expression}`)) },
  { title: 'value', align: 'right', cells: rows.map((row) => valueInWords(row.value, row)) },
  { title: 'trials', align: 'right', cells: rows.map(({ trials }) => String(trials)) },
  { title: 'outcome', align: 'left', cells: rows.map(({ outcome }) => outcome) },
]
