import type { Comparison } from '../../harness/compare/campaign.ts'
import { logRatios, meanWithInterval, toRatioMinusOne } from '../../harness/compare/estimate.ts'
import { headlineRows } from '../../harness/compare/headlines.ts'
import { defaultMargins, type Margins, type Verdict } from '../../harness/compare/verdict.ts'
import type { Better } from '../../harness/metrics/table.ts'
import { formatStat } from '../format.ts'
import { primaryTitle } from '../sections/primary-title.ts'
import { rowOf, type ScenarioView, type View } from '../view.ts'
import { pairedValues } from './paired-values.ts'

/** One variant against the baseline, as ratio minus one with its interval at 95%; null where there is none. */
export interface Effect {
  /** Index of the variant. */
  variant: number
  estimate: number | null
  lower: number | null
  upper: number | null
  /** Pairs that it stands on. */
  pairs: number
  /** Of metrics that get one; else null. */
  verdict: Verdict | null
}

/** What the variants did to one number of one scenario. */
export interface EffectsOfNumber {
  scenario: string
  /** For people. */
  number: string
  better: Better
  margins: Margins
  effects: Effect[]
}

export interface EffectsOfMetric {
  title: string
  numbers: EffectsOfNumber[]
}

/**
 * All that variants changed, metric by metric: first what has a verdict (the primary metric of each scenario, or the gate
 * metrics of a comparison), then each headline metric of the variants, whose interval describes. Metrics of which no pair could be used are
 * left out.
 */
export const effectsOf = (view: View): EffectsOfMetric[] =>
  [judged(view), ...headlines(view)].filter(({ numbers }) => numbers.length > 0)

const judged = (view: View): EffectsOfMetric =>
  view.paired
    ? { title: 'Gate metrics', numbers: gateNumbers(view) }
    : { title: 'Primary metric of each scenario', numbers: view.scenarios.flatMap((each) => primaryNumber(view, each)) }

function primaryNumber(view: View, { name, primary, comparisons }: ScenarioView): EffectsOfNumber[] {
  const own = comparisons.filter((each) => each.primary)
  const [first] = own
  if (!first) return []
  const effects = own.map(({ variant, estimate, lower, upper, pairs, verdict }) => ({
    ...{ variant: indexOf(view, variant), estimate, lower, upper, pairs, verdict },
  }))
  return [{ scenario: name, number: primaryTitle(primary), better: first.better, margins: defaultMargins, effects }]
}

function gateNumbers(view: View): EffectsOfNumber[] {
  const plan = view.header.comparison?.metrics ?? []
  return view.paired!.comparisons.map(
    ({ scenario, metric, better, variant, estimate, lower, upper, pairs, verdict }) => ({
      scenario,
      number: metric,
      better,
      margins: plan.find((each) => each.scenario === scenario && each.metric === metric)?.margins ?? defaultMargins,
      effects: [{ variant: indexOf(view, variant), estimate, lower, upper, pairs, verdict }],
    }),
  )
}

/** The headline metrics in the order in which the scenarios have them, those of several scenarios under one title. */
function headlines(view: View): EffectsOfMetric[] {
  const byTitle = new Map<string, EffectsOfNumber[]>()
  for (const scenario of view.scenarios) {
    for (const { label, comparisons, isSelfCheck } of headlineRows([...scenario.comparisons], scenario.primary)) {
      const [first] = comparisons
      if (!first || isSelfCheck) continue
      const effects = comparisons.map((each) => describedEffect(view, each))
      const number = { scenario: scenario.name, number: label, better: first.better, margins: defaultMargins, effects }
      byTitle.set(titleOf(first), [...(byTitle.get(titleOf(first)) ?? []), number])
    }
  }
  return [...byTitle].map(([title, numbers]) => ({ title, numbers }))
}

/** `Event-loop delay p99`: without the part of the load, which differs from scenario to scenario. */
const titleOf = (number: Comparison): string =>
  [rowOf(number).label.split(':')[0], formatStat(number.stat)].filter(Boolean).join(' ')

/** Student's t at 95% on ln(variant / baseline), one value a pair, as the primary metric has it. */
function describedEffect(view: View, comparison: Comparison): Effect {
  const { baseline, variant } = pairedValues(comparison)
  const logs = logRatios(baseline, variant)
  const ratio = logs ? toRatioMinusOne(meanWithInterval(logs)) : { estimate: null, lower: null, upper: null }
  return { variant: indexOf(view, comparison.variant), ...ratio, pairs: comparison.pairs, verdict: null }
}

const indexOf = (view: View, variant: string): number => view.variants.find(({ name }) => name === variant)?.index ?? 0
