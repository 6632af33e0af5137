import type { Comparison } from '../../harness/compare/campaign.ts'
import { medianOf } from '../../harness/compare/estimate.ts'
import { statOfCounter } from '../../harness/compare/headlines.ts'
import { observedOnce } from '../../harness/compare/observed.ts'
import { usableValue } from '../../harness/compare/pairs.ts'
import { metricTable } from '../../harness/metrics/table.ts'
import type { Observation, TrialRecord } from '../../harness/record/schema.ts'
import { isUsable, sameScope } from '../data/usable.ts'
import {
  formatRange,
  formatRatio,
  formatRatioInterval,
  formatScope,
  formatStat,
  formatValue,
  noNumber,
} from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { findComparison, rowOf, type ScenarioView, type VariantView } from '../view.ts'
import { variantName } from './legend.ts'
import type { Section } from './section.ts'

/**
 * Every number that was observed: median and range over the usable blocks, and the ratio to the baseline. Of a large campaign
 * only the headlines, or where these are too many, too, none: a browser would not open a page of all of them.
 */
export const figures: Section = {
  id: 'figures',
  title: 'Figures of each variant',
  render: (view) => {
    const tables = view.scenarios.filter(({ records }) => records.length > 0).map(tablesOf)
    const cellsOfFirst = sum(tables.map(({ scenario, first }) => cellsOf(scenario, first)))
    const cells = sum(
      tables.map(({ scenario, others }) => cellsOf(scenario, others)),
      cellsOfFirst,
    )
    if (cellsOfFirst > mostCells) {
      return html`<p class="lead">They are too many for a table of all variants. ${elsewhere}</p>`
    }
    return html`<p class="lead">Each cell: the median over the usable blocks, their range, and against the baseline the median ratio of the pairs with its range. This describes; only what has a verdict has a tested interval, the one that stands with it.${cells > mostCells && html` Of so large a campaign only the headlines stand here. ${elsewhere}`}</p>
${tables.map((each) => scenarioFigures(each, cells <= mostCells))}`
  },
}

/** A cell takes about a hundred bytes, and the page may have two million. */
const mostCells = 9000

const elsewhere = html`Every figure is in <a href="#raw">the table at the end</a>, and the headlines of <a href="#compare-two">any two variants</a> stand beside each other.`

const sum = (numbers: readonly number[], start = 0): number => numbers.reduce((total, each) => total + each, start)

const cellsOf = ({ variants }: ScenarioView, rows: readonly Observation[]): number => rows.length * 2 * variants.length

interface FigureTables {
  scenario: ScenarioView
  /** What is shown at once ... */
  first: Observation[]
  /** ... and on request. */
  others: Observation[]
}

function tablesOf(scenario: ScenarioView): FigureTables {
  const all = observedFigures(scenario)
  const first = new Set(all.filter((figure) => isShownFirst(figure, all)))
  return { scenario, first: [...first], others: all.filter((figure) => !first.has(figure)) }
}

const scenarioFigures = ({ scenario, first, others }: FigureTables, withOthers: boolean): Html =>
  html`<h3 class="sub-title">${scenario.name}</h3>
${figureTable(scenario, first, 'headline figures')}
${withOthers && others.length > 0 && html`<details><summary>${others.length} more figures of ${scenario.name}</summary>${figureTable(scenario, others, 'more figures')}</details>`}`

/** Each metric, statistic and scope once, the first time it was observed, in the order of the metric table. */
const observedFigures = ({ records }: ScenarioView): Observation[] =>
  observedOnce(records).sort((a, b) => placeOf(a.metric) - placeOf(b.metric))

const places = new Map(metricTable.map(({ name }, place) => [name, place]))
/** What a script measures of itself comes first: it is why the script was written. */
const placeOf = (metric: string): number => places.get(metric) ?? -1

/** Of a headline metric: median and p99 of a trend; of a counter its rate, or its count where fewer is better. */
function isShownFirst(figure: Observation, all: readonly Observation[]): boolean {
  const { rank, kind, better } = rowOf(figure)
  if (rank !== 'headline') return false
  if (kind === 'trend') return ['p(50)', 'med', 'p(99)'].includes(figure.stat)
  if (kind !== 'counter') return true
  const stat = statOfCounter(better)
  return figure.stat === stat || !all.some((other) => other.metric === figure.metric && other.stat === stat)
}

function figureTable(scenario: ScenarioView, rows: readonly Observation[], name: string): Content {
  if (rows.length === 0) return html`<p>None was observed.</p>`
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${scenario.name}, ${name}"><table class="numbers figures">
<thead><tr><th scope="col" class="row-name">Metric</th>${scenario.variants.map((variant) => html`<th scope="col" class="column" colspan="${variant.isBaseline ? 1 : 2}">${variantName(variant)}</th>`)}</tr></thead>
${scopesOf(rows).map(
  (
    scope,
  ) => html`<tbody><tr><th scope="rowgroup" class="scope-name" colspan="${2 * scenario.variants.length}"><span>${formatScope(scope) ?? 'whole load'}</span></th></tr>
${rows.filter((row) => sameScope(row, scope)).map((row) => figureRow(scenario, row))}</tbody>`,
)}</table></div>`
}

const scopesOf = (rows: readonly Observation[]): Observation[] =>
  rows.filter((row, at) => rows.findIndex((other) => sameScope(other, row)) === at)

function figureRow(scenario: ScenarioView, figure: Observation): Html {
  const { label } = rowOf(figure)
  return html`<tr><th scope="row" class="row-name">${label} <span class="stat">${formatStat(figure.stat)}</span></th>${scenario.variants.map((variant) => figureCells(scenario, variant, figure))}</tr>
`
}

/** The baseline has one cell, any other variant a second one for its ratio. */
function figureCells(scenario: ScenarioView, variant: VariantView, figure: Observation): Html {
  const ratio =
    !variant.isBaseline && html`<td class="ratio">${ratioOf(findComparison(scenario, variant, figure))}</td>`
  return html`<td>${shownValue(scenario, variant, figure)}</td>${ratio}`
}

function shownValue(scenario: ScenarioView, variant: VariantView, figure: Observation): Content {
  const { values, tooFew } = usableValues(scenario, variant, figure)
  if (values.length === 0) return tooFew ? html`<span class="range">too few samples</span>` : noNumber
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return html`<span class="value">${formatValue(medianOf(values), figure.unit)}</span>${low !== high && html`<span class="range">${formatRange(low, high, figure.unit)}</span>`}`
}

function usableValues({ records }: ScenarioView, { name }: VariantView, figure: Observation) {
  const trials = records.filter((record) => record.variant === name)
  const id = { metric: figure.metric, stat: figure.stat, scope: figure }
  const values = trials.map((record) => usableValue(record, id)).filter((value) => value !== null)
  const isSeen = ({ observations }: TrialRecord) => observations.some((each) => isSameFigure(each, figure))
  return { values, tooFew: trials.some((record) => isUsable(record, figure) && isSeen(record)) }
}

const isSameFigure = (a: Observation, b: Observation): boolean =>
  a.metric === b.metric && a.stat === b.stat && sameScope(a, b)

function ratioOf(comparison: Comparison | undefined): Content {
  if (!comparison || comparison.estimate === null) return null
  const { estimate, lower, upper } = comparison
  const interval = lower !== upper && formatRatioInterval(lower, upper)
  return html`<span class="value">${formatRatio(estimate)}</span>${interval && html`<span class="range">${interval}</span>`}`
}
