import { type FlameElement, page } from './flame-browser.ts'

/** The table of functions: sorted by a click on a column's head, and reduced to what is searched for. */
export class FunctionRows {
  private readonly body: FlameElement
  private readonly rows: FlameElement[]
  private readonly heads: FlameElement[]

  /** @param search is told the name of a function that was clicked */
  constructor(search: (name: string) => void) {
    const all = (selector: string) => [...page.document.querySelectorAll(`.functions ${selector}`)]
    this.body = all('tbody')[0]!
    this.rows = all('tbody tr')
    this.heads = all('thead [data-column]')
    for (const head of this.heads) head.addEventListener('click', () => this.sort(Number(head.dataset.column)))
    for (const name of all('[data-function]')) name.addEventListener('click', () => search(name.dataset.function ?? ''))
  }

  /** The largest first; a second time the smallest. */
  private sort(column: number): void {
    const cell = (head: FlameElement) => head.closest('th')!
    const chosen = this.heads[column]!
    const isDescending = cell(chosen).getAttribute('aria-sort') !== 'descending'
    for (const head of this.heads) cell(head).setAttribute('aria-sort', 'none')
    cell(chosen).setAttribute('aria-sort', isDescending ? 'descending' : 'ascending')
    const value = (row: FlameElement) => Number(row.dataset.values?.split(' ')[column])
    const sign = isDescending ? -1 : 1
    this.body.replaceChildren(...this.rows.sort((a, b) => sign * (value(a) - value(b))))
  }

  show(text: string): void {
    const wanted = text.trim().toLowerCase()
    for (const row of this.rows) row.hidden = !(row.textContent ?? '').toLowerCase().includes(wanted)
  }
}
