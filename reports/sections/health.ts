import { sharesPart } from '../../harness/compare/invalidity.ts'
import { type ObservationId, scopeOf } from '../../harness/compare/observation-id.ts'
import { observedOnce } from '../../harness/compare/observed.ts'
import { observationOf } from '../../harness/compare/pairs.ts'
import { sameStat } from '../../harness/metrics/stat.ts'
import { describeMetric } from '../../harness/metrics/table.ts'
import type { Invalidity, Scope, TrialRecord } from '../../harness/record/schema.ts'
import { sameScope } from '../data/usable.ts'
import { formatScope, formatStat, formatValue, noNumber } from '../format.ts'
import { type Content, html } from '../html.ts'
import type { ScenarioView } from '../view.ts'
import { tableByVariant, type VariantRow } from './by-variant.ts'
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
    limit: 'at least 90% where the load is a closed loop',
    code: 'target-not-saturated',
  },
]

/** Whether the load generator and the services kept up, over all trials that ended, unusable ones too. */
export const health: Section = {
  id: 'health',
  title: 'Did the measurement itself keep up?',
  render: (view) => {
    const rows = view.scenarios.flatMap(rowsOf)
    if (rows.length === 0) return null
    return html`<p class="lead">The generator and the services share the machine with the target. Where they are late, the lateness is theirs; a trial beyond a limit is not used, but for medians of times where few operations were late. Each cell shows the worst trial.</p>
${tableByVariant(view, rows, 'Worst trial')}`
  },
}

/** A row for each watched number and each scope that it was taken over. */
const rowsOf = ({ name, records }: ScenarioView): VariantRow[] =>
  watched.flatMap((each) =>
    scopesOf(records, each).map((scope) => {
      const id: ObservationId = { metric: each.metric, stat: each.stat, scope: scopeOf(scope) }
      return {
        scenario: name,
        title: titleOf(each, id.scope),
        cell: (trials: readonly TrialRecord[]) => worstOf(trials, each, id),
      }
    }),
  )

/** What is judged are the parts of a load; the whole of it stands for itself only where it has none. */
function scopesOf(records: readonly TrialRecord[], { metric, stat }: Watched): Scope[] {
  const seen = observedOnce(records).filter((each) => each.metric === metric && sameStat(each.stat, stat))
  const parts = seen.filter((scope) => !sameScope(scope, {}))
  const found = parts.length > 0 ? parts : seen
  return found.filter((scope, at) => found.findIndex((other) => sameScope(other, scope)) === at)
}

const titleOf = ({ metric, stat, limit }: Watched, scope: Scope): Content => {
  const name = [describeMetric(metric).label, formatStat(stat), formatScope(scope)].filter(Boolean).join(', ')
  return html`${name} <span class="stat">${limit}</span>`
}

function worstOf(trials: readonly TrialRecord[], watch: Watched, id: ObservationId): Content {
  const values = trials.flatMap((trial) => observationOf(trial, id)?.value ?? [])
  if (values.length === 0) return noNumber
  const worst = Math[watch.worst === 'largest' ? 'max' : 'min'](...values)
  const text = formatValue(worst, describeMetric(watch.metric).unit)
  const beyond = trials.filter((trial) => isBeyond(trial, watch, id.scope)).length
  return beyond > 0 ? html`<span class="bad">✕ ${text}, ${beyond} beyond the limit</span>` : text
}

/** A mark on the whole trial may mean any of its scopes; one on a part names its scenario, its phase or both. */
const isBeyond = ({ invalid }: TrialRecord, { code }: Watched, scope: Scope): boolean =>
  invalid.some((each) => each.code === code && (sameScope(each, {}) || sharesPart(each, scope)))
