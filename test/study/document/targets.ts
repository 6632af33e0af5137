import { toRatioMinusOne } from '../../../harness/compare/estimate.ts'
import { pairsNeeded, powerOf } from '../../../harness/compare/pairs-needed.ts'
import { centreWithInterval } from '../../../harness/compare/signed-rank.ts'
import { marginsFrom } from '../../../harness/compare/verdict.ts'
import { lowerBound } from '../clopper-pearson.ts'
import { type ConditionName, conditions, wantedPairs } from '../conditions.ts'
import { type Cell, logRatiosOf } from '../evaluate.ts'
import { type MetricKey, metricOf } from '../metrics.ts'
import { blocksOf, byMachine, pooledPairs } from '../pool/pool.ts'
import { alpha } from '../procedures/sequential.ts'
import { type Budget, margins, rulesFor } from '../procedures/table.ts'
import { falseChanges } from './false-changes.ts'
import { type LiveComparison, liveTwins } from './live.ts'
import { askedOfStalls, cellOf, metricsOf, minutesOf, type Results, tallyOf } from './results.ts'
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
  },
]

const mostFalse = 0.01

/** The targets of the method, each beside what came out; what is missed is explained from the same numbers. */
export function targetsSection(results: Results, live: readonly LiveComparison[]): string {
  const rows = [
    recordedRow(results),
    ...falseRows(results),
    liveRow(live),
    ...powerTargets.flatMap((target) => powerRows(results, target)),
    laidRow(results),
  ]
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
    '',
    'The rows of A/A comparisons are drawn pair by pair, and each pair is turned by a coin: there the rule errs as often as it is made to, unless it is wrong itself. What a machine could do to it shows where pairs are looked at in the order in which they were recorded ([below](#are-the-pairs-independent)), and live.',
    ...stallsInWords(results),
  ].join('\n')
}

/** How far the stalls that were recorded move p99, machine by machine: the faster it is, the further. */
function stallsInWords({ pool }: Results): string[] {
  const moved = [...byMachine(pooledPairs(pool, 'stalls', 'p99'))].map(([fingerprint, pairs]) => {
    const { cpu } = pool.machines.find((machine) => machine.fingerprint === fingerprint)!
    return `${signedPercent(toRatioMinusOne(centreWithInterval(logRatiosOf(pairs))).estimate)} on ${cpu} (${counted(pairs.length, 'pair')})`
  })
  if (moved.length === 0) return []
  return [
    '',
    `Of stalls that move p99 the target asks for ${signedPercent(askedOfStalls)}; those that were recorded move it by ${moved.join(', by ')}. So just that change is tried, too: laid on the recorded pairs of identical servers, whose noise is real.`,
  ]
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The condition with the fewest pairs that can be used for any number. */
function recordedRow(results: Results): TargetRow {
  const counts = conditions.map(({ name, title }) => {
    const pairs = metricsOf(results).map(({ key }) => pooledPairs(results.pool, name, key).length)
    return { title, pairs: Math.min(...pairs) }
  })
  const fewest = counts.toSorted((a, b) => a.pairs - b.pairs)[0]!
  const isMet = fewest.pairs >= wantedPairs
  const found = `${fewest.pairs} of ${blocksOf(results.pool)}`
  return {
    cells: ['pairs of each condition that can be used', 'all', `at least ${wantedPairs}`, found, '-', said(isMet)],
    isTried: true,
    why: isMet
      ? null
      : `Pairs that can be used: ${counts
          .filter(({ pairs }) => pairs < wantedPairs)
          .map(({ title, pairs }) => `${title} ${pairs}`)
          .join(
            ', ',
          )}, of ${blocksOf(results.pool)} that were recorded; the others are void, mostly since the core was busy for less than 90% of the time.`,
  }
}

/** Verdicts about identical servers of comparisons that were run, and not drawn. */
function liveRow(live: readonly LiveComparison[]): TargetRow {
  const { tried, changed, comparisons } = liveTwins(live)
  const isMet = comparisons >= 5 && changed === 0
  const cells = [
    'A/A, live',
    'those judged',
    'none "changed" in at least 5',
    `${changed} of ${tried} in ${comparisons}`,
    '-',
  ]
  if (comparisons < 5 && changed === 0)
    return { cells: [...cells, comparisons === 0 ? 'none run yet' : 'too few yet'], isTried: false, why: null }
  return {
    cells: [...cells, said(isMet)],
    isTried: true,
    why: isMet
      ? null
      : `A/A, live: ${changed} of ${tried} verdicts of ${counted(comparisons, 'comparison')} say "changed".`,
  }
}

function laidRow({ laid, rules }: Results): TargetRow {
  const [budget, margin, atLeast] = [15, 0.01, 0.9] as const
  const title = `p99 ${percent(askedOfStalls)} longer, laid on A/A pairs, margin ${percent(margin)}, within ${budget} min`
  const asked = `at least ${percent(atLeast)}`
  if (!laid)
    return { cells: [title, metricOf('p99').title, asked, '-', '-', 'too few pairs'], isTried: false, why: null }
  const { worse } = tallyOf(laid, rules.weir(budget, margin))!
  const share = worse / laid.comparisons
  const isMet = share >= atLeast
  return {
    cells: [
      title,
      metricOf('p99').title,
      asked,
      percent(share),
      `at least ${percent(lowerBound(worse, laid.comparisons))}`,
      said(isMet),
    ],
    isTried: true,
    why: isMet ? null : `${title}: ${(100 * (atLeast - share)).toFixed(0)} points short.`,
  }
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

function whyMissed(results: Results, { budget, margin, atLeast }: PowerTarget, cell: Cell, share: number): string {
  const usableShare = cell.pool / blocksOf(results.pool)
  const pairs = rulesFor(results.pool.secondsATrial, usableShare).weir(budget, margin).mostPairs
  const missing = `${(100 * (atLeast - share)).toFixed(0)} points short.`
  const noise = `One pair differs from the next by ${percent(cell.deviation)}, the change is ${signedPercent(cell.effect.estimate)}, and ${budget} min hold ${pairs} pairs.`
  const sought = { sd: cell.deviation, effect: cell.effect.estimate, margins: marginsFrom({ change: margin }), alpha }
  const needed = pairsNeeded(sought, atLeast)
  if (needed === null) return `${missing} ${noise} As many pairs as a comparison counts do not find it so often.`
  const foretold = `As \`weir noise\` reckons, they find it in ${percent(powerOf(pairs, sought))}, and ${needed} pairs (${minutesText(minutesOf(results, needed, cell))}) would do`
  return `${missing} ${noise} ${foretold}.`
}
