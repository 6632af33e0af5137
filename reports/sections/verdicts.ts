import type { Comparison } from '../../harness/compare/campaign.ts'
import { sameStat } from '../../harness/metrics/stat.ts'
import { median } from '../data/median.ts'
import { isUsable, sameScope } from '../data/usable.ts'
import {
  counted,
  formatDifference,
  formatRatio,
  formatRatioInterval,
  formatScope,
  formatStat,
  formatValue,
} from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import {
  challengers,
  type PrimaryMetric,
  primaryComparison,
  type ScenarioView,
  type VariantView,
  type View,
} from '../view.ts'
import { intervalPicture, pictureDomain } from './interval-picture.ts'
import { variantName } from './legend.ts'
import type { Section } from './section.ts'
import { verdictWords } from './verdict-words.ts'

/** Variants down, scenarios across: the verdict on each scenario's primary metric. */
export const verdicts: Section = {
  id: 'verdicts',
  title: 'Verdicts',
  render: (view) => html`<table class="verdict-table">
<thead><tr><th scope="col">Variant</th>${view.scenarios.map(scenarioHead)}</tr></thead>
<tbody>
${view.variants.filter(({ isBaseline }) => isBaseline).map((variant) => baselineRow(view, variant))}
${challengers(view).map((variant) => challengerRow(view, variant))}
</tbody>
</table>`,
}

const scenarioHead = ({ name, primary }: ScenarioView): Html =>
  html`<th scope="col"><span class="scenario-name">${name}</span> <span class="primary">${primaryTitle(primary)}</span></th>`

const betterWords = { lower: 'lower is better', higher: 'higher is better', none: null }

/** `turn intended duration, p50, paced; lower is better`. */
export function primaryTitle({ row, stat, scope }: PrimaryMetric): string {
  const title = [row.label, formatStat(stat), formatScope(scope)].filter(Boolean).join(', ')
  const better = betterWords[row.better]
  return better ? `${title}; ${better}` : title
}

const rowHead = (variant: VariantView): Html =>
  html`<th scope="row">${variantName(variant)}<span class="description">${variant.description}</span></th>`

function baselineRow(view: View, variant: VariantView): Html {
  const cells = view.scenarios.map((scenario) => {
    const values = primaryValues(scenario, variant)
    const unit = primaryUnit(scenario)
    const range =
      values.length > 1 && `${formatValue(Math.min(...values), unit)} to ${formatValue(Math.max(...values), unit)}`
    return html`<td data-scenario="${scenario.name}"><p class="verdict none">baseline</p>
<p class="estimate">${formatValue(median(values), unit)}</p>${range && html`<p class="interval">${range}</p>`}
<p class="small">${counted(values.length, 'usable block')}</p></td>`
  })
  return html`<tr>${rowHead(variant)}${cells}</tr>`
}

const primaryUnit = ({ primary, records }: ScenarioView) =>
  records.flatMap(({ observations }) => observations).find((each) => isPrimary(each, primary))?.unit ?? primary.row.unit

const isPrimary = (each: { metric: string; stat: string; scenario?: string; phase?: string }, primary: PrimaryMetric) =>
  each.metric === primary.metric && sameStat(each.stat, primary.stat) && sameScope(each, primary.scope)

const primaryValues = ({ primary, records }: ScenarioView, { name }: VariantView): number[] =>
  records
    .filter((record) => record.variant === name && isUsable(record, primary.scope))
    .flatMap(({ observations }) => observations.filter((each) => isPrimary(each, primary)).map(({ value }) => value))

function challengerRow(view: View, variant: VariantView): Html {
  const cells = view.scenarios.map((scenario) => {
    const comparison = primaryComparison(scenario, variant)
    const domain = pictureDomain(scenario.comparisons.filter(({ primary }) => primary))
    return html`<td data-scenario="${scenario.name}" data-variant="${variant.name}">${comparison ? verdictCell(comparison, domain) : emptyCell(scenario, variant)}</td>`
  })
  return html`<tr>${rowHead(variant)}${cells}</tr>`
}

function verdictCell(comparison: Comparison, domain: number): Html {
  const { verdict, estimate, lower, upper, difference, unit, pairs, excludedPairs } = comparison
  const { sign, word } = verdictWords[verdict ?? 'none']
  return html`<p class="verdict ${verdict ?? 'none'}"><span aria-hidden="true">${sign}</span> ${word}</p>
<p class="estimate">${data('estimate', estimate, formatRatio(estimate))}</p>
${intervalPicture(comparison, domain)}
<p class="interval">${intervalOf(lower, upper)}</p>
<p class="small">${data('difference', difference.estimate, formatDifference(difference.estimate, unit))}${differenceInterval(comparison)}</p>
<p class="small">${counted(pairs, 'pair')}${excludedPairs > 0 && html`, <a href="#unusable">${excludedPairs} excluded</a>`}</p>
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

const smallestEffectOf = ({ verdict, smallestEffect }: Comparison): Content =>
  verdict === 'inconclusive' &&
  smallestEffect !== null &&
  html`<p class="small">these pairs could have shown ${formatRatio(smallestEffect)} or more</p>`

function emptyCell(scenario: ScenarioView, variant: VariantView): Html {
  const trials = scenario.records.filter((record) => record.variant === variant.name).length
  const why = trials === 0 ? 'not measured yet' : html`<a href="#unusable">no usable pair</a>`
  return html`<p class="verdict none"><span aria-hidden="true">–</span> no verdict</p><p class="small">${why}</p>`
}
