import type { ThresholdResult, TrialRecord } from '../../harness/record/schema.ts'
import { type Content, html } from '../html.ts'
import { distinct, tableByVariant } from './by-variant.ts'
import type { Section } from './section.ts'

/** The limits that the scripts set themselves: in how many trials each held. */
export const thresholds: Section = {
  id: 'thresholds',
  title: 'Thresholds',
  render: (view) => {
    const rows = distinct(view, (record) => record.thresholds, keyOf).map(({ scenario, key, item }) => ({
      scenario,
      title: html`<code>${item.metric}</code> <code>${item.expression}</code>`,
      cell: (trials: readonly TrialRecord[]) => heldIn(trials, key),
    }))
    return rows.length === 0 ? null : tableByVariant(view, rows, 'Held in trials')
  },
}

const keyOf = ({ metric, expression }: ThresholdResult): string => JSON.stringify([metric, expression])

function heldIn(trials: readonly TrialRecord[], key: string): Content {
  const results = trials.flatMap((trial) => trial.thresholds.filter((result) => keyOf(result) === key))
  const passed = results.filter((result) => result.passed).length
  if (results.length === 0) return '–'
  const isWhole = passed === results.length
  return html`<span class="${isWhole ? 'good' : 'bad'}">${isWhole ? '✓' : '✕'} ${passed} of ${results.length}</span>`
}
