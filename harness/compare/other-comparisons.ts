import { printSelector } from '../metrics/selector.ts'
import type { ComparisonPlan, Run } from '../record/schema.ts'
import { type Estimate, toRatioMinusOne } from './estimate.ts'
import { isSame } from './observation-id.ts'
import { type ObservedId, observedIds } from './observed.ts'
import type { PairedEstimate } from './paired-estimate.ts'
import { type Pair, pairsOf, primaryId } from './pairs.ts'
import { centreWithInterval } from './signed-rank.ts'
import { usablePairs } from './usable-pairs.ts'

/** A metric that nothing hangs on: what was seen over all usable pairs, at 95% each, so that some of many miss. */
export interface OtherComparison extends PairedEstimate {
  /** Bounds are null under six pairs. */
  difference: Estimate
}

/** By scenario; each metric that is no gate metric and that at least one pair has on both sides, in the order of rows. */
export const otherComparisons = (run: Run, plan: ComparisonPlan): OtherComparison[] =>
  run.header.scenarios.flatMap(({ name, primary }) => {
    const gated = plan.metrics.filter(({ scenario }) => scenario === name).map(({ metric }) => primaryId(metric))
    const pairs = pairsOf(run, name, plan.variant)
    return observedIds(run, name, primaryId(primary))
      .filter(({ example }) => !gated.some((id) => isSame(example, id)))
      .flatMap((id) => describe(id, pairs, { variant: plan.variant, against: plan.against, scenario: name }))
  })

function describe(
  id: ObservedId,
  pairs: readonly Pair[],
  subject: Pick<OtherComparison, 'variant' | 'against' | 'scenario'>,
): OtherComparison[] {
  const usable = usablePairs(pairs, id)
  if (usable.length === 0) return []
  const logs = usable.map(({ log }) => log).filter((log): log is number => Number.isFinite(log))
  const hasRatio = logs.length === usable.length
  return [
    {
      ...subject,
      metric: printSelector({ metric: id.metric, stat: id.stat, tags: { ...id.scope } }),
      unit: id.example.unit,
      better: id.example.better,
      ...(hasRatio ? toRatioMinusOne(centreWithInterval(logs)) : { estimate: null, lower: null, upper: null }),
      difference: centreWithInterval(usable.map(({ a, b }) => b - a)),
      pairs: usable.length,
      excludedPairs: pairs.length - usable.length,
    },
  ]
}
