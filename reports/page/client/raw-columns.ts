import { type FigureRow, scopeInSelector } from '../../data/figure-rows.ts'
import { rowOf } from '../../data/metric-row.ts'
import { formatStat, formatValue } from '../../format.ts'
import { type Content, html } from '../../html.ts'

/** A column of the table of every figure. */
export interface RawColumn {
  id: string
  title: string
  isNumber?: true
  /** What rows are sorted by. */
  keyOf(row: FigureRow): string | number
  cellOf(row: FigureRow): Content
}

/** In the order of the table. */
export const rawColumns: readonly RawColumn[] = [
  textColumn('scenario', 'Scenario', ({ record }) => record.scenario),
  textColumn('variant', 'Variant', ({ record }) => record.variant),
  numberColumn('block', 'Block', ({ record }) => record.key.block),
  numberColumn('trial', 'Trial', ({ record }) => record.trial),
  {
    ...textColumn('metric', 'Metric', ({ observation }) => `${rowOf(observation).label} ${observation.stat}`),
    cellOf: ({ observation }) =>
      html`${rowOf(observation).label} <span class="stat">${formatStat(observation.stat)}</span>`,
  },
  {
    ...textColumn('scope', 'Over', ({ observation }) => scopeInSelector(observation)),
    cellOf: ({ observation }) =>
      scopeInSelector(observation).replaceAll(':', ' ').replaceAll(',', ', ') || 'whole load',
  },
  {
    ...numberColumn('value', 'Value', ({ observation }) => observation.value),
    cellOf: ({ observation: { value, unit } }) => html`<data value="${value}">${formatValue(value, unit)}</data>`,
  },
  {
    ...textColumn('usable', 'Usable', ({ reasons }) => reasons.join('; ')),
    cellOf: ({ reasons }) =>
      reasons.length === 0 ? 'yes' : html`<span class="bad">✕ no:</span> ${reasons.join('; ')}`,
  },
]

function textColumn(id: string, title: string, textOf: (row: FigureRow) => string): RawColumn {
  return { id, title, keyOf: textOf, cellOf: textOf }
}

function numberColumn(id: string, title: string, numberOf: (row: FigureRow) => number): RawColumn {
  return { id, title, isNumber: true, keyOf: numberOf, cellOf: (row) => String(numberOf(row)) }
}
