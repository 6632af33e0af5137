import { sameStat } from '../../harness/metrics/stat.ts'
import { describeMetric } from '../../harness/metrics/table.ts'
import type { Invalidity, TrialRecord } from '../../harness/record/schema.ts'
import { formatValue } from '../format.ts'
import { type Content, html } from '../html.ts'
import { tableByVariant } from './by-variant.ts'
import type { Section } from './section.ts'

interface Watched {
  metric: string
  stat: string
  /** The value that is nearest to its limit. */
  worst: 'largest' | 'smallest'
  limit: string
  /** What a trial beyond the limit is marked with. */
  code: Invalidity['code']
}

/** What must hold for the numbers to be the target's and not the harness's own. */
const watched: readonly Watched[] = [
  {
    metric: 'generator_lateness',
    stat: 'p(99)',
    worst: 'largest',
    limit: 'at most 2 ms or 10% of the p99',
    code: 'generator-late',
  },
  {
    metric: 'generator_utilization',
    stat: 'value',
    worst: 'largest',
    limit: 'at most 90%',
    code: 'generator-saturated',
  },
  { metric: 'service_lateness', stat: 'p(99)', worst: 'largest', limit: 'as for the generator', code: 'service-late' },
  {
    metric: 'target_core_busy',
    stat: 'value',
    worst: 'smallest',
    limit: 'at least 90% in closed-loop phases',
    code: 'target-not-saturated',
  },
]

/** Whether the load generator and the services kept up, over all trials that ended, unusable ones too. */
export const health: Section = {
  id: 'health',
  title: 'Did the measurement itself keep up?',
  render: (view) => {
    const rows = view.scenarios.flatMap(({ name, records }) =>
      watched
        .filter((each) => records.some((record) => valuesOf(record, each).length > 0))
        .map((each) => ({
          scenario: name,
          title: titleOf(each),
          cell: (trials: readonly TrialRecord[]) => worstOf(trials, each),
        })),
    )
    if (rows.length === 0) return null
    return html`<p class="lead">The generator and the services share the machine with the target. Where they are late, the lateness is theirs; a trial beyond a limit is not used. Each cell shows the worst trial.</p>
${tableByVariant(view, rows, 'Worst trial')}`
  },
}

const titleOf = ({ metric, stat, limit }: Watched): Content =>
  html`${describeMetric(metric).label}${stat === 'p(99)' && ', p99'} <span class="stat">${limit}</span>`

const valuesOf = (record: TrialRecord, { metric, stat }: Watched): number[] =>
  record.observations.filter((each) => each.metric === metric && sameStat(each.stat, stat)).map(({ value }) => value)

function worstOf(trials: readonly TrialRecord[], each: Watched): Content {
  const values = trials.flatMap((trial) => valuesOf(trial, each))
  const worst = each.worst === 'largest' ? Math.max(...values) : Math.min(...values)
  const beyond = trials.filter((trial) => trial.invalid.some(({ code }) => code === each.code)).length
  const text = values.length === 0 ? '–' : formatValue(worst, describeMetric(each.metric).unit)
  return beyond > 0 ? html`<span class="bad">✕ ${text}, ${beyond} beyond the limit</span>` : text
}
