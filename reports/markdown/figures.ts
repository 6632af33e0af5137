import { medianOf } from '../../harness/compare/estimate.ts'
import { isSelfCheck } from '../../harness/compare/headlines.ts'
import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { isSame } from '../../harness/compare/observation-id.ts'
import { primaryId } from '../../harness/compare/pairs.ts'
import type { NumberValues } from '../../harness/record/schema.ts'
import { formatDifference, formatRatio, formatRatioInterval, formatValue, noNumber } from '../format.ts'
import { labelOf, observationOf } from '../metric-words.ts'
import { findComparison, type ScenarioView, type VariantView, type View } from '../view.ts'
import { inGroups } from './columns.ts'
import { blocks } from './inline.ts'

/**
 * The few numbers of a scenario that matter, a row each: of the baseline the median over the usable trials, of the others
 * what changed. More variants than fit beside each other go into further tables.
 *
 * @param numbers what is kept of the run: its primary and headline metrics
 */
export function scenarioFigures(view: View, scenario: ScenarioView, numbers: readonly NumberValues[]): string {
  const own = numbers.filter((each) => each.scenario === scenario.name && !isDecided(view, each))
  const metrics = [...new Map(own.map((each) => [each.metric, each])).values()]
  const baseline = scenario.variants.filter(({ isBaseline }) => isBaseline)
  const groups = inGroups(scenario.variants.filter(({ isBaseline }) => !isBaseline))
  return blocks(
    groups.map((group) => {
      const variants = [...baseline, ...group]
      return markdownTable(
        ['metric', 'better', ...variants.map(({ name }) => code(name))],
        `--${'r'.repeat(variants.length)}`,
        metrics.map((each) => [
          inert(labelOf(each)),
          each.better === 'none' ? '' : each.better,
          ...variants.map((variant) => cellOf(scenario, variant, own, each)),
        ]),
      )
    }),
  )
}

/** A gate metric stands with its verdict already. */
const isDecided = ({ paired }: View, { scenario, metric }: NumberValues): boolean =>
  (paired?.comparisons ?? []).some(
    (each) => each.scenario === scenario && isSame(observationOf(metric), primaryId(each.metric)),
  )

/** `+12.3% (+10.1% to +14.8%)`; without a pair, and of a self-check, the value itself. */
function cellOf(scenario: ScenarioView, variant: VariantView, own: readonly NumberValues[], number: NumberValues) {
  const observation = observationOf(number.metric)
  const comparison = variant.isBaseline ? undefined : findComparison(scenario, variant, observation)
  if (!comparison || isSelfCheck(observation.metric)) return medianInWords(own, variant, number)
  const { estimate, lower, upper, difference, unit } = comparison
  if (estimate === null) return formatDifference(difference.estimate, unit)
  const interval = lower === upper ? '' : formatRatioInterval(lower, upper)
  return interval ? `${formatRatio(estimate)} (${interval})` : formatRatio(estimate)
}

function medianInWords(own: readonly NumberValues[], { name }: VariantView, { metric, unit }: NumberValues): string {
  const values = own.find((each) => each.variant === name && each.metric === metric)?.values
  return values ? formatValue(medianOf(values.map(({ value }) => value)), unit) : noNumber
}
