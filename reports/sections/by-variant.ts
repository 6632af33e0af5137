import type { TrialRecord } from '../../harness/record/schema.ts'
import { type Content, type Html, html, listed } from '../html.ts'
import type { ScenarioView, View } from '../view.ts'
import { variantName } from './legend.ts'

/** A row of a table whose columns are the variants; each cell is made from the variant's trials of the scenario. */
export interface VariantRow {
  scenario: string
  title: Content
  cell(trials: readonly TrialRecord[]): Content
}

/**
 * Rows grouped by scenario, a column a variant that was planned under it; scenarios with the same variants share a table.
 * Trials that did not end are not in the cells.
 */
export function tableByVariant(view: View, rows: readonly VariantRow[], caption: string): Html {
  const groups = view.scenarios
    .map((scenario) => ({ scenario, rows: rows.filter((row) => row.scenario === scenario.name) }))
    .filter((group) => group.rows.length > 0)
  const tables = Map.groupBy(groups, ({ scenario }) => scenario.variants.map(({ index }) => index).join())
  return html`${[...tables.values()].map((each) => tableOf(each, caption))}`
}

interface Group {
  scenario: ScenarioView
  rows: VariantRow[]
}

function tableOf(groups: readonly Group[], caption: string): Html {
  const { variants } = groups[0]!.scenario
  const under = listed(groups.map(({ scenario }) => scenario.name))
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption} under ${under}"><table class="numbers by-variant">
<thead><tr><th scope="col" class="row-name">${caption}</th>${variants.map((variant) => html`<th scope="col" class="column">${variantName(variant)}</th>`)}</tr></thead>
${groups.map(groupMarkup)}</table></div>
`
}

const groupMarkup = ({ scenario, rows }: Group): Html =>
  html`<tbody><tr><th scope="rowgroup" class="scope-name" colspan="${scenario.variants.length + 1}"><span>${scenario.name}</span></th></tr>
${rows.map(
  (
    row,
  ) => html`<tr><th scope="row" class="row-name">${row.title}</th>${scenario.variants.map(({ name }) => cellMarkup(scenario, row, name))}</tr>
`,
)}</tbody>`

function cellMarkup({ records }: ScenarioView, row: VariantRow, variant: string): Html {
  const trials = records.filter((record) => record.variant === variant && record.failure === undefined)
  return html`<td>${trials.length === 0 ? '–' : row.cell(trials)}</td>`
}

/** The distinct keys of what all trials of a view carry, with the scenario that each was seen in. */
export function distinct<T>(view: View, itemsOf: (record: TrialRecord) => readonly T[], keyOf: (item: T) => string) {
  return view.scenarios.flatMap(({ name, records }) => {
    const byKey = new Map(records.flatMap(itemsOf).map((item) => [keyOf(item), item]))
    return [...byKey].map(([key, item]) => ({ scenario: name, key, item }))
  })
}
