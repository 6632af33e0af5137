import type { TrialRecord } from '../../harness/record/schema.ts'
import { formatValue } from '../format.ts'
import { type Content, html } from '../html.ts'
import { distinct, tableByVariant } from './by-variant.ts'
import type { Section } from './section.ts'

/** What the scripts checked of the answers, over all trials that ended. */
export const checks: Section = {
  id: 'checks',
  title: 'Checks',
  render: (view) => {
    const rows = distinct(
      view,
      (record) => record.checks,
      ({ path }) => path,
    ).map(({ scenario, key }) => ({
      scenario,
      title: key.replace(/^::/, '').replaceAll('::', ' › '),
      cell: (trials: readonly TrialRecord[]) => passedIn(trials, key),
    }))
    return rows.length === 0 ? null : tableByVariant(view, rows, 'Passed')
  },
}

function passedIn(trials: readonly TrialRecord[], path: string): Content {
  const results = trials.flatMap((trial) => trial.checks.filter((check) => check.path === path))
  const passes = results.reduce((sum, check) => sum + check.passes, 0)
  const fails = results.reduce((sum, check) => sum + check.fails, 0)
  if (passes + fails === 0) return '–'
  if (fails === 0) return html`<span class="good">✓ ${formatValue(passes, 'count')}</span>`
  return html`<span class="bad">✕ ${formatValue(passes / (passes + fails), 'share')}, ${formatValue(fails, 'count')} failed</span>`
}
