import type { ComparisonPlan, GateMetric, NoiseFloor, Run } from '../record/schema.ts'
import { clip, layOut, plain, wrap } from './columns.ts'
import { counted, formatPercent } from './figures.ts'
import { mostPairsEver } from './looks.ts'
import { gateMetricOf, type Need, needsOf, shortfalls, usualEffects, usualPowers } from './noise.ts'
import { valuesOf } from './run-values.ts'
import type { TableOptions } from './table.ts'
import { defaultMargins, type Margins } from './verdict.ts'

/**
 * How much the numbers of a run's scenarios differ where nothing changed, and what it takes to find an effect in that
 * noise: of what is judged and of the headlines.
 *
 * @param floors of the machine, this run among the others
 */
export function formatNoise(run: Run, floors: readonly NoiseFloor[], { width }: Pick<TableOptions, 'width'>): string {
  const { environment, comparison, scenarios } = run.header
  const { alpha, metrics, mode, against } = comparison!
  const shown = valuesOf(run).numbers
  const sections = scenarios.flatMap(({ name }) => {
    const kept = new Set(shown.filter(({ scenario }) => scenario === name).map(({ metric }) => metric))
    const own = floors.filter((floor) => floor.runs.includes(run.header.id) && floor.scenario === name)
    const rows = own.filter(({ metric }) => kept.has(metric))
    return rows.length === 0 ? [] : [section(name, rows, { alpha: alpha / metrics.length, metrics }, width)]
  })
  const title = [
    clip(`noise of ${plain(against)} against itself, machine ${environment.fingerprint}, ${mode}`, width),
    ...wrap(
      `sd: of ln(B/A) from pair to pair. Beside it the pairs, and the minutes that they take, in which a change of 2, 5 or 10% is found with a probability of 80% and 95%, where ${metrics.length} metrics share an error of ${100 * alpha}% and a change counts beyond its margin (${percents(metrics.map(({ margins }) => margins.change))}).`,
      width,
    ),
  ]
  const few = fewInWords(run).flatMap((text) => wrap(plain(text), width))
  const none = [clip('  no number has two usable pairs: see weir report', width)]
  return `${[title, ...(few.length > 0 ? [few] : []), ...(sections.length > 0 ? sections : [none])].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const whyItEnded: Partial<Record<NonNullable<ComparisonPlan['ended']>, string>> = {
  budget: 'the budget was spent',
  interrupted: 'it was interrupted',
  unusable: 'pair after pair could not be used',
}

/** What of the pairs that were asked for is not there. */
const fewInWords = (run: Run): string[] =>
  shortfalls(run).map(({ scenario, usable, begun, asked }) => {
    const { ended } = run.header.comparison!
    const why = (ended && whyItEnded[ended]) ?? 'the others are not valid: see weir report'
    return `WARNING: ${scenario}: ${usable} of the ${asked} pairs that were asked for can be used, of ${begun} that ran: ${why}`
  })

interface Terms {
  /** Of one metric. */
  alpha: number
  metrics: readonly GateMetric[]
}

const marginsOf = (metrics: readonly GateMetric[], floor: NoiseFloor): Margins =>
  gateMetricOf(metrics, floor)?.margins ?? defaultMargins

/** `1%`; of several metrics `0%, 1%`. */
const percents = (shares: readonly number[]): string =>
  [...new Set(shares)]
    .toSorted((a, b) => a - b)
    .map((share) => `${Number((100 * share).toPrecision(3))}%`)
    .join(', ')

function section(scenario: string, rows: readonly NoiseFloor[], terms: Terms, width: number): string[] {
  const lines = rows.flatMap((floor) => {
    const needs = needsOf(floor, terms.alpha, marginsOf(terms.metrics, floor))
    return usualPowers.map((power, at) => ({ floor: at === 0 ? floor : null, power, needs }))
  })
  const { pairs, usableShare, secondsAPair, runs } = rows[0]!
  const used = usableShare < 1 ? `, ${Math.round(100 * usableShare)}% of those that ran` : ''
  const measured = `${pairs} pairs of ${Math.round(secondsAPair)} s in ${counted(runs.length, 'run')}${used}`
  const isMarked = lines.some(({ needs }) => needs.some(({ isWithoutMargin }) => isWithoutMargin))
  return [
    clip(`${plain(scenario)}: ${measured}`, width),
    ...layOut(
      [
        {
          title: 'metric',
          align: 'left',
          minWidth: 20,
          cells: lines.map(({ floor }) => (floor ? plain(floor.metric) : '')),
        },
        {
          title: 'sd',
          align: 'right',
          cells: lines.map(({ floor }) => (floor ? formatPercent(Math.expm1(floor.sdLog)).replace('+', '') : '')),
        },
        { title: 'found', align: 'right', cells: lines.map(({ power }) => `${100 * power}%`) },
        ...usualEffects.map((effect) => ({
          title: `${100 * effect}%`,
          align: 'right' as const,
          cells: lines.map(({ power, needs }) =>
            needInWords(needs.find((need) => need.effect === effect && need.power === power)!),
          ),
        })),
      ],
      width,
    ),
    ...(isMarked ? ['', ...wrap(withoutMargin(terms.metrics), width)] : []),
    ...roughness(rows, width),
  ]
}

/** `44, 18 min` */
const needInWords = ({ pairs, minutes, isWithoutMargin }: Need): string =>
  pairs === null || minutes === null
    ? `not in ${mostPairsEver}`
    : `${pairs}, ${Math.ceil(minutes)} min${isWithoutMargin ? '*' : ''}`

/** Why a change is not found that is larger than what counts, and what to do. */
const withoutMargin = (metrics: readonly GateMetric[]): string =>
  `* with a margin of 0% (--margin 0% of weir compare, "change: 0" of a gate's metric): so small a change does not exceed the margin, or is too often called equivalent (within ${percents(metrics.map(({ margins }) => margins.equivalence))}) before it is found`

/** The standard deviation of n pairs is itself known to about 1 / sqrt(2 (n - 1)). */
function roughness(rows: readonly NoiseFloor[], width: number): string[] {
  const fewest = Math.min(...rows.map(({ pairs }) => pairs))
  if (fewest >= 20) return []
  const share = Math.round(100 / Math.sqrt(2 * (fewest - 1)))
  const text = `of ${fewest} pairs the sd is known to about ${share}% of itself, and the pairs needed to twice that: more pairs tell better`
  return ['', ...wrap(text, width)]
}
