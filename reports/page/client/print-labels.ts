import { page } from './browser.ts'

/**
 * On paper a table that is too wide becomes lists, in which each cell says its column (`print.css`). Written when somebody
 * prints: in a large report these names would be a thirtieth of the page.
 */
export function nameColumnsOfCells(): void {
  for (const table of page.document.querySelectorAll('.by-variant')) {
    const names = [...table.querySelectorAll('thead .column')].map(({ textContent }) => textContent?.trim() ?? '')
    for (const row of table.querySelectorAll('tbody tr'))
      for (const [at, cell] of [...row.querySelectorAll('td')].entries()) cell.dataset.column = names[at] ?? ''
  }
}

/**
 * The one legend above all charts is sheets away from most of them on paper, where charts are too narrow to name their lines:
 * there each group of charts begins with it, as it is when somebody prints.
 */
export function repeatLegend(): void {
  const [legend] = page.document.querySelectorAll('.legend')
  if (!legend) return
  for (const charts of page.document.querySelectorAll('.legend ~ section .charts')) {
    charts.querySelector('.paper-legend')?.remove()
    charts.insertAdjacentHTML('afterbegin', `<div class="paper-legend">${legend.innerHTML}</div>`)
  }
}
