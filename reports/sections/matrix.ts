import { type Content, type Html, html } from '../html.ts'
import type { ScenarioView, VariantView, View } from '../view.ts'
import { type MatrixEntry, matrixEntries } from './matrix-cells.ts'
import type { Section } from './section.ts'
import { canCompareTwo, variantChoice } from './variant-choice.ts'

/** Variants down, scenarios across, every verdict of the run at one look: each leads to its details. */
export const matrix: Section = {
  id: 'matrix',
  title: 'Verdicts at a glance',
  render: (view) => {
    const rows = view.variants.map((variant) => rowOf(view, variant)).filter(hasEntries)
    if (rows.length === 0) return null
    const columns = view.scenarios.filter((_, at) => rows.some(({ cells }) => cells[at]!.length > 0))
    return html`<p class="lead">${cellsInWords(view)}</p>
${keyOf(rows)}
<div class="scroll" role="region" tabindex="0" aria-label="Verdicts at a glance"><table class="matrix">
<thead><tr><th scope="col">Variant</th>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(({ variant, cells }) =>
  rowMarkup(
    variantChoice(variant, canCompareTwo(view)),
    variant,
    cells.filter((_, at) => columns.includes(view.scenarios[at]!)),
  ),
)}
</tbody>
</table></div>`
  },
}

interface Row {
  variant: VariantView
  /** By scenario. */
  cells: MatrixEntry[][]
}

const rowOf = (view: View, variant: VariantView): Row => ({
  variant,
  cells: view.scenarios.map((scenario: ScenarioView) => matrixEntries(view, scenario, variant)),
})

const hasEntries = ({ cells }: Row): boolean => cells.some((entries) => entries.length > 0)

const rowMarkup = (name: Html, variant: VariantView, cells: readonly MatrixEntry[][]): Html =>
  html`<tr data-variant="${variant.index}"><th scope="row">${name}</th>${cells.map((entries) => html`<td>${entries.map(entryMarkup)}</td>`)}</tr>
`

const entryMarkup = ({ sign, word, look, estimate, interval, anchor, subject }: MatrixEntry): Html =>
  html`<a class="verdict ${look}" href="#${anchor}" title="${subject}: ${word}">${sign === null ? html`${word} ` : html`<span aria-hidden="true">${sign}</span> <span class="unseen">${word} </span>`}${estimate}${interval !== '' && html`<span class="range">${interval}</span>`}</a>`

/** What a cell says, and what it does not. */
function cellsInWords({ claims, paired, header }: View): Html {
  if (claims.length > 0) {
    return html`Each cell says whether a claim about the variant holds, and what was measured of it: a ratio is the variant’s number divided by that of what it is held against. It does not say that a variant is better or worse.`
  }
  if (paired)
    return html`Each cell says what became of a gate metric against <strong>${header.comparison!.against}</strong>.`
  return html`Each cell says what became of the scenario’s primary metric against <strong>${header.baseline}</strong>; an empty one was not planned.`
}

/** The words of the signs that the cells have; none where the cells have words. */
function keyOf(rows: readonly Row[]): Content {
  const signed = rows.flatMap(({ cells }) => cells.flat()).filter(({ sign }) => sign !== null)
  const byWord = new Map(signed.map((entry) => [entry.word, entry]))
  return (
    byWord.size > 0 &&
    html`<p class="matrix-key">${[...byWord.values()].map(({ sign, word, look }) => html`<span class="verdict ${look}"><span aria-hidden="true">${sign}</span> ${word}</span> `)}</p>`
  )
}
