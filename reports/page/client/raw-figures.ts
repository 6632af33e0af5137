import type { Run } from '../../../harness/record/schema.ts'
import { type FigureRow, figureRows } from '../../data/figure-rows.ts'
import type { PackedRun } from '../../data/packed-run.ts'
import { counted } from '../../format.ts'
import { html } from '../../html.ts'
import { page } from './browser.ts'
import { chosenRows, type RawOrder } from './chosen-rows.ts'
import { type Download, save } from './downloads.ts'
import { elementOf } from './element.ts'
import { rawColumns } from './raw-columns.ts'

/** So many rows more at a time: a table of all of them would keep a browser busy for minutes. */
const rowsAStep = 200

/** The table of every figure: filters, sorts and gives away the rows of the run. */
export class RawFigures {
  readonly #rows: readonly FigureRow[]
  readonly #run: string
  #chosen: FigureRow[] = []
  #order: RawOrder | null = null
  #shown = rowsAStep

  constructor(run: Run, { digits }: Pick<PackedRun, 'digits'>) {
    this.#rows = figureRows(run)
    this.#run = run.header.id
    for (const id of ['raw-scenario', 'raw-variant', 'raw-metric'])
      elementOf(id).addEventListener('change', this.#choose)
    elementOf('raw-text').addEventListener('input', this.#choose)
    for (const button of page.document.querySelectorAll('button.sort')) {
      button.addEventListener('click', () => this.#sortBy(button.dataset.sort ?? ''))
    }
    elementOf('raw-more').addEventListener('click', () => this.#showMore())
    for (const form of ['csv', 'json'] satisfies Download[]) {
      elementOf(`raw-${form}`).addEventListener('click', () => save(form, this.#run, this.#chosen))
    }
    if (digits.details !== null) tellOfRounding(digits.details, digits.headlines)
    this.#choose()
    elementOf('raw-figures').hidden = false
  }

  readonly #choose = (): void => {
    const asked = (name: string) => elementOf(`raw-${name}`).value
    const filter = {
      scenario: asked('scenario'),
      variant: asked('variant'),
      metric: asked('metric'),
      text: asked('text'),
    }
    this.#chosen = chosenRows(this.#rows, filter, this.#order)
    this.#shown = rowsAStep
    this.#show()
  }

  /** The first click sorts up, the second down, the third not at all. */
  #sortBy(column: string): void {
    const current = this.#order?.column === column ? this.#order : null
    this.#order = current?.isDescending ? null : { column, isDescending: current !== null }
    for (const head of page.document.querySelectorAll('th[data-sort]')) {
      const isSorted = this.#order !== null && head.dataset.sort === column
      head.setAttribute('aria-sort', !isSorted ? 'none' : this.#order?.isDescending ? 'descending' : 'ascending')
    }
    this.#choose()
  }

  #showMore(): void {
    this.#shown += rowsAStep
    this.#show()
  }

  #show(): void {
    const rows = this.#chosen.slice(0, this.#shown)
    elementOf('raw-rows').innerHTML = html`${rows.map(rowMarkup)}`.markup
    const left = this.#chosen.length - rows.length
    const more = elementOf('raw-more')
    more.hidden = left === 0
    more.textContent = `Show ${counted(Math.min(left, rowsAStep), 'row')} more`
    const total = this.#chosen.length === this.#rows.length ? '' : ` of ${this.#rows.length.toLocaleString('en-US')}`
    elementOf('raw-count').textContent =
      `${counted(this.#chosen.length, 'figure')}${total}${left > 0 ? `, the first ${rows.length.toLocaleString('en-US')} are shown` : ''}`
  }
}

const rowMarkup = (row: FigureRow) =>
  html`<tr>${rawColumns.map(({ cellOf, isNumber }) => html`<td${!isNumber && html` class="text"`}>${cellOf(row)}</td>`)}</tr>
`

function tellOfRounding(details: number, headlines: number | null): void {
  const note = elementOf('raw-rounded')
  const others = headlines === null ? '' : `, headlines to ${headlines}`
  note.textContent = `So that the page stays small, figures that are no headlines are rounded to ${details} significant digits here and in what is downloaded${others}; the command above writes all digits.`
  note.hidden = false
}
