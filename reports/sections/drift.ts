import { medianOf } from '../../harness/compare/estimate.ts'
import type { Drift, TrialRecord } from '../../harness/record/schema.ts'
import { sameScope } from '../data/usable.ts'
import { formatRatio, formatScope, formatStat } from '../format.ts'
import { type Content, html } from '../html.ts'
import { rowOf } from '../view.ts'
import { distinct, tableByVariant } from './by-variant.ts'
import type { Section } from './section.ts'

/** How far the second half of a phase lay from the first: a server that is not steady has no one number. */
export const drift: Section = {
  id: 'drift',
  title: 'Was it steady?',
  render: (view) => {
    const rows = distinct(view, (record) => record.drift, keyOf).map(({ scenario, item }) => ({
      scenario,
      title: titleOf(item),
      cell: (trials: readonly TrialRecord[]) => driftOf(trials, item),
    }))
    if (rows.length === 0) return null
    return html`<p class="lead">The second half of each phase against the first, median over the trials. It voids nothing; a large number means that the phase was too short or the server does not settle.</p>
${tableByVariant(view, rows, 'Second half against first')}`
  },
}

const keyOf = ({ metric, stat, scenario, phase }: Drift): string => JSON.stringify([metric, stat, scenario, phase])

const titleOf = (item: Drift): Content => {
  const { label } = rowOf({ metric: item.metric, stat: item.stat, unit: 'none', better: 'none' })
  return html`${label} <span class="stat">${[formatStat(item.stat), formatScope(item)].filter(Boolean).join(', ')}</span>`
}

function driftOf(trials: readonly TrialRecord[], item: Drift): Content {
  const ratios = trials.flatMap((trial) =>
    trial.drift
      .filter((each) => each.metric === item.metric && each.stat === item.stat && sameScope(each, item))
      .filter(({ firstHalf, secondHalf }) => firstHalf > 0 && Number.isFinite(secondHalf))
      .map(({ firstHalf, secondHalf }) => secondHalf / firstHalf - 1),
  )
  return formatRatio(medianOf(ratios))
}
