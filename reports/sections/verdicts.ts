import type { Comparison } from '../../harness/compare/campaign.ts'
import { medianOf } from '../../harness/compare/estimate.ts'
import { isSame } from '../../harness/compare/observation-id.ts'
import { usableValue } from '../../harness/compare/pairs.ts'
import type { Unit } from '../../harness/metrics/table.ts'
import { counted, formatDifference, formatRange, formatRatio, formatRatioInterval, formatValue } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { challengers, primaryComparison, type ScenarioView, type VariantView, type View } from '../view.ts'
import { verdictAnchor } from './anchors.ts'
import { intervalPicture, pictureDomain } from './interval-picture.ts'
import { primaryTitle } from './primary-title.ts'
import type { Section } from './section.ts'
import { linkToUnusable } from './unusable.ts'
import { canCompareTwo, variantChoice } from './variant-choice.ts'
import { verdictWords } from './verdict-words.ts'

/**
 * Variants down, scenarios across: the verdict on each scenario's primary metric. A campaign of claims asks something
 * else of each scenario, and has its verdicts there; so has a comparison of two variants. Steps of a saturation have none.
 */
export const verdicts: Section = {
  id: 'verdicts',
  title: 'Verdicts on the primary metrics',
  render: (view) => (view.claims.length > 0 || view.paired || view.saturation ? null : verdictTable(view)),
}

const verdictTable = (
  view: View,
): Html => html`<div class="scroll" role="region" tabindex="0" aria-label="Verdicts on the primary metrics"><table class="verdict-table">
<thead><tr><th scope="col">Variant</th>${view.scenarios.map(scenarioHead)}</tr></thead>
<tbody>
${view.variants.filter(({ isBaseline }) => isBaseline).map((variant) => baselineRow(view, variant))}
${challengers(view).map((variant) => challengerRow(view, variant))}
</tbody>
</table></div>`

const scenarioHead = ({ name, primary }: ScenarioView): Html =>
  html`<th scope="col"><span class="scenario-name">${name}</span> <span class="primary">${primaryTitle(primary)}</span></th>`

const rowHead = (view: View, variant: VariantView): Html =>
  html`<th scope="row">${variantChoice(variant, canCompareTwo(view))}<span class="description">${variant.description}</span></th>`

/** A variant that does not run under a scenario lacks nothing there. */
const notPlanned = html`<td class="not-planned"></td>`

function baselineRow(view: View, variant: VariantView): Html {
  const cells = view.scenarios.map((scenario) => {
    if (!scenario.variants.includes(variant)) return notPlanned
    const values = primaryValues(scenario, variant)
    const unit = primaryUnit(scenario)
    const range = values.length > 1 && formatRange(Math.min(...values), Math.max(...values), unit)
    return html`<td data-scenario="${scenario.name}"><p class="verdict-line"><span class="verdict none">baseline</span></p>
<p class="estimate-line"><span class="estimate">${formatValue(medianOf(values), unit)}</span> ${range && html`<span class="interval">${range}</span>`}</p>
<p class="small">${counted(values.length, 'usable block')}</p></td>`
  })
  return html`<tr>${rowHead(view, variant)}${cells}</tr>`
}

const primaryUnit = ({ primary, records }: ScenarioView): Unit =>
  records.flatMap(({ observations }) => observations).find((each) => isSame(each, primary))?.unit ?? primary.row.unit

const primaryValues = ({ primary, records }: ScenarioView, { name }: VariantView): number[] =>
  records
    .filter(({ variant }) => variant === name)
    .map((record) => usableValue(record, primary))
    .filter((value) => value !== null)

function challengerRow(view: View, variant: VariantView): Html {
  const cells = view.scenarios.map((scenario, at) => {
    if (!scenario.variants.includes(variant)) return notPlanned
    const comparison = primaryComparison(scenario, variant)
    const domain = pictureDomain(scenario.comparisons.filter(({ primary }) => primary))
    return html`<td id="${verdictAnchor(at, variant.index)}" data-scenario="${scenario.name}" data-variant="${variant.name}">${comparison ? verdictCell(view, comparison, domain) : emptyCell(view, scenario, variant)}</td>`
  })
  return html`<tr>${rowHead(view, variant)}${cells}</tr>`
}

function verdictCell(view: View, comparison: Comparison, domain: number): Html {
  const { verdict, estimate, lower, upper, difference, unit, pairs, excludedPairs } = comparison
  const { sign, word } = verdictWords[verdict ?? 'none']
  return html`<p class="verdict-line"><span class="verdict ${verdict ?? 'none'}"><span aria-hidden="true">${sign}</span> ${word}</span></p>
<p class="estimate-line">${data('estimate', estimate, formatRatio(estimate))} <span class="interval">${intervalOf(lower, upper)}</span></p>
${intervalPicture(comparison, domain)}
<p class="small">${data('difference', difference.estimate, formatDifference(difference.estimate, unit))}${differenceInterval(comparison)}, ${counted(pairs, 'pair')}${excludedPairs > 0 && html`, ${linkToUnusable(view, `${excludedPairs} excluded`)}`}</p>
${smallestEffectOf(comparison)}`
}

/** The exact number stands in the markup beside the rounded one. */
const data = (name: string, value: number | null, text: string): Html =>
  value === null ? html`${text}` : html`<data class="${name}" value="${value}">${text}</data>`

const intervalOf = (lower: number | null, upper: number | null): Content =>
  lower === null || upper === null
    ? 'one pair: no interval'
    : html`<span data-lower="${lower}" data-upper="${upper}">${formatRatioInterval(lower, upper)}</span>`

const differenceInterval = ({ difference: { lower, upper }, unit }: Comparison): Content =>
  lower !== null && upper !== null && html` (${formatDifference(lower, unit)} to ${formatDifference(upper, unit)})`

function smallestEffectOf({ verdict, smallestEffect, doubt }: Comparison): Content {
  const shown =
    verdict === 'inconclusive' &&
    smallestEffect !== null &&
    html`<p class="small">these pairs could have shown a change of ${formatRatio(smallestEffect).replace('+', '')} or more</p>`
  return html`${doubt !== null && html`<p class="small">${doubt}</p>`}${shown}`
}

function emptyCell(view: View, scenario: ScenarioView, variant: VariantView): Html {
  const trials = scenario.records.filter((record) => record.variant === variant.name).length
  const why = trials === 0 ? 'not measured yet' : linkToUnusable(view, 'no usable pair')
  return html`<p class="verdict-line"><span class="verdict none"><span aria-hidden="true">–</span> no verdict</span></p>
<p class="small">${why}</p>`
}
