import { counted } from '../compare/figures.ts'
import { type Operator, parseThreshold } from '../metrics/thresholds.ts'
import type { LimitResult } from './limits.ts'
import { overTrialsInWords } from './over-trials.ts'
import type { Format } from './port.ts'
import type { GatedComparison, GateResult } from './result.ts'
import { intervalInWords } from './words.ts'

/** A number as github-action-benchmark reads it, in an array, from the tools `customSmallerIsBetter` and `customBiggerIsBetter`. */
interface BenchmarkEntry {
  name: string
  unit: string
  value: number
  /** Half the distance between the quartiles over pairs: `± 0.12`. */
  range?: string
  /** Lines for people. */
  extra: string
}

/**
 * The head's numbers for github-action-benchmark, which takes one direction a file: those that are better when they are
 * smaller in the file that was asked for, those when larger beside it. A file without numbers is not there: it would be
 * refused. Charts have no place for a doubt: what was interrupted, too few pairs, and a head that fails more often give none.
 */
export const benchmarkJson: Format = {
  purpose: 'for github-action-benchmark: what is better when smaller; what when larger is, in NAME.bigger.json',
  beside: (file) => [biggerFile(file)],
  files(result, file) {
    const [smaller, bigger] = (['lower', 'higher'] as const).map((better) => entriesOf(result, better))
    return { [file]: asText(smaller!), [biggerFile(file)]: asText(bigger!) }
  },
}

/** `out/bench.json` -> `out/bench.bigger.json` */
const biggerFile = (file: string): string => `${file.replace(/\.json$/, '')}.bigger.json`

const asText = (entries: BenchmarkEntry[]): string | null =>
  entries.length === 0 ? null : `${JSON.stringify(entries, null, 2)}\n`

function entriesOf(result: GateResult, better: 'lower' | 'higher'): BenchmarkEntry[] {
  const { comparisons, limits, failing, outcome } = result
  if (outcome === 'interrupted') return []
  const isSound = ({ scenario }: { scenario: string }) => failing.every((each) => each.scenario !== scenario)
  const entries = [
    ...comparisons.filter((each) => each.better === better && isSound(each) && !each.isInvalid).flatMap(ofComparison),
    ...limits.filter((each) => betterOf(each) === better && isSound(each)).flatMap(ofLimit),
  ]
  // A gate metric may have a limit, too; charts want each name once.
  return entries.filter(({ name }, at) => entries.findIndex((other) => other.name === name) === at)
}

function ofComparison(comparison: GatedComparison): BenchmarkEntry[] {
  const { scenario, metric, unit, headValue: value, headSpread, against, verdict } = comparison
  if (value === null) return []
  const change = `${verdict} against ${against}: ${intervalInWords(comparison)}`
  const range = headSpread === null ? {} : { range: `± ${Number(headSpread.toPrecision(3))}` }
  return [{ name: `${scenario}: ${metric}`, unit, value, ...range, extra: change }]
}

const ofLimit = ({
  scenario,
  number,
  unit,
  value,
  trials,
  over,
  expression,
  outcome,
}: LimitResult): BenchmarkEntry[] =>
  value === null
    ? []
    : [
        {
          name: `${scenario}: ${number}`,
          unit,
          value,
          extra: `${expression}: ${outcome} (${overTrialsInWords[over]} ${counted(trials, 'trial')})`,
        },
      ]

const betterSide: Partial<Record<Operator, 'lower' | 'higher'>> = {
  '<': 'lower',
  '<=': 'lower',
  '>': 'higher',
  '>=': 'higher',
}

/** Of `rate==1` it is the metric's own side, if it has one. */
const betterOf = ({ expression, better }: LimitResult) => betterSide[parseThreshold(expression).operator] ?? better
