import { pairsNeeded, powerOf } from '../../../harness/compare/pairs-needed.ts'
import { lowerBound } from '../clopper-pearson.ts'
import type { ConditionName } from '../conditions.ts'
import type { Cell } from '../evaluate.ts'
import { type MetricKey, metricOf } from '../metrics.ts'
import { alpha } from '../procedures/sequential.ts'
import { type Budget, margins } from '../procedures/table.ts'
import { falseChanges } from './false-changes.ts'
import { cellOf, metricsOf, minutesOf, type Results, tallyOf } from './results.ts'
import { markdownTable, minutesText, percent, signedPercent } from './text.ts'

/** A change that is to be found so often within a budget. */
interface PowerTarget {
  statement: string
  condition: ConditionName
  /** Each of them is held against the target. */
  metrics: MetricKey[]
  budget: Exclude<Budget, null>
  margin: number
  atLeast: number
  /** The change that the target speaks of, as ratio minus one, where the statement does not say it. */
  change?: number
}

const costs: MetricKey[] = ['instructions', 'cpu', 'throughput', 'p50']

const powerTargets: readonly PowerTarget[] = [
  { statement: '5% slowdown', condition: 'work-5', metrics: costs, budget: 5, margin: 0.01, atLeast: 0.95 },
  {
    statement: '1% more instructions',
    condition: 'work-1',
    metrics: ['instructions'],
    budget: 5,
    margin: 0,
    atLeast: 0.95,
  },
  { statement: '2% slowdown', condition: 'work-2', metrics: costs, budget: 15, margin: 0, atLeast: 0.8 },
  {
    statement: 'stalls that move p99',
    condition: 'stalls',
    metrics: ['p99'],
    budget: 15,
    margin: 0.01,
    atLeast: 0.9,
    change: 0.2,
  },
]

const mostFalse = 0.01

/** The targets of the method, each beside what came out; what is missed is explained from the same numbers. */
export function targetsSection(results: Results): string {
  const rows = [...falseRows(results), ...powerTargets.flatMap((target) => powerRows(results, target))]
  const missed = rows.flatMap(({ why }) => (why === null ? [] : [`- ${why}`]))
  const untried = rows.filter(({ isTried }) => !isTried).length
  return [
    '## Targets',
    '',
    markdownTable(
      ['target', 'number', 'asked for', 'found', 'with 95% confidence', ''],
      rows.map(({ cells }) => cells),
    ),
    '',
    missed.length === 0
      ? `None of those that could be tried is missed${untried === 0 ? '' : `; ${untried} could not be`}.`
      : ['What is missed, by how much and why:', '', ...missed].join('\n'),
    ...powerTargets.flatMap((target) => otherThanAsked(results, target)),
  ].join('\n')
}

/** A target that was tried with another change than it speaks of. */
function otherThanAsked(results: Results, { statement, condition, metrics, change }: PowerTarget): string[] {
  const estimate = change === undefined ? null : cellOf(results, condition, metrics[0]!)?.effect.estimate
  if (change === undefined || estimate === null || estimate === undefined) return []
  return [
    '',
    `Of ${statement} the target asks for ${signedPercent(change)}; here they move it by ${signedPercent(estimate)}, which is ${estimate > change ? 'easier' : 'harder'} to find.`,
  ]
}

interface TargetRow {
  cells: string[]
  isTried: boolean
  /** Null where it is met or could not be tried. */
  why: string | null
}

function falseRows(results: Results): TargetRow[] {
  return margins.flatMap((margin) =>
    metricsOf(results).map((metric): TargetRow => {
      const title = `A/A "changed", margin ${percent(margin)}`
      const asked = `at most ${percent(mostFalse)}`
      const cell = cellOf(results, 'control-again', metric.key)
      if (!cell) return { cells: [title, metric.title, asked, '-', '-', 'too few pairs'], isTried: false, why: null }
      const { share, atMost, found, tried } = falseChanges(cell, tallyOf(cell, results.rules.weir(null, margin))!)
      const isMet = atMost <= mostFalse
      return {
        cells: [title, metric.title, asked, percent(share), `at most ${percent(atMost)}`, said(isMet)],
        isTried: true,
        why: isMet
          ? null
          : `${title}, ${metric.title}: ${found} of ${tried}, ${(100 * (atMost - mostFalse)).toFixed(2)} points above. ${whyFalse(share)}`,
      }
    }),
  )
}

const whyFalse = (share: number): string =>
  share <= mostFalse
    ? 'The share itself is inside: more comparisons, from a larger pool, would narrow the bound.'
    : `The rule is made for ${percent(alpha)}, so this is more than chance: see whether the pairs are independent, below.`

function powerRows(results: Results, target: PowerTarget): TargetRow[] {
  const { statement, condition, metrics, budget, margin, atLeast } = target
  const title = `${statement}, margin ${percent(margin)}, within ${budget} min`
  return metrics.map((key): TargetRow => {
    const cell = cellOf(results, condition, key)
    const asked = `at least ${percent(atLeast)}`
    if (!cell)
      return { cells: [title, metricOf(key).title, asked, '-', '-', 'not recorded here'], isTried: false, why: null }
    const { worse } = tallyOf(cell, results.rules.weir(budget, margin))!
    const share = worse / cell.comparisons
    const isMet = share >= atLeast
    const sure = `at least ${percent(lowerBound(worse, cell.comparisons))}`
    return {
      cells: [title, metricOf(key).title, asked, percent(share), sure, said(isMet)],
      isTried: true,
      why: isMet ? null : `${title}, ${metricOf(key).title}: ${whyMissed(results, target, cell, share)}`,
    }
  })
}

const said = (isMet: boolean): string => (isMet ? 'met' : '**missed**')

/** More than anyone will wait for; a comparison counts fewer, but what the noise asks for is worth knowing. */
const mostPairs = 400

function whyMissed(results: Results, { budget, margin, atLeast }: PowerTarget, cell: Cell, share: number): string {
  const pairs = results.rules.weir(budget, margin).mostPairs
  const missing = `${(100 * (atLeast - share)).toFixed(0)} points short.`
  const noise = `One pair differs from the next by ${percent(cell.deviation)}, the change is ${signedPercent(cell.effect.estimate)}, and ${budget} min hold ${pairs} pairs.`
  const sought = { sd: cell.deviation, effect: cell.effect.estimate, changeMargin: margin, alpha }
  const needed = pairsNeeded(sought, atLeast, mostPairs)
  if (needed === null) return `${missing} ${noise} No number of pairs that anyone would wait for finds it so often.`
  const foretold = `As \`weir noise\` reckons, they find it in ${percent(powerOf(pairs, sought))}, and ${needed} pairs (${minutesText(minutesOf(results, needed))}) would do`
  return `${missing} ${noise} ${foretold}.`
}
