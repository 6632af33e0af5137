import type { LoadResult } from '../../port.ts'
import { groupTree, type SummaryGroup } from './groups.ts'
import { type SummaryMetric, summaryMetrics } from './metrics.ts'
import type { Part } from './text.ts'

/** What `--summary-mode=full` shows behind the totals: groups, then k6 scenarios by name. */
export function groupParts(result: LoadResult, stats: readonly string[]): Part[] {
  const names = [
    ...new Set(result.metrics.flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario]))),
  ].sort()
  const scenarios = names.filter((name) => name !== 'default')
  return [
    ...groupTree(result).groups.map((group) => groupPart(group)),
    ...scenarios.map((name) => ({
      title: `SCENARIO: ${name}`,
      metrics: summaryMetrics(result, stats, name),
      checks: [],
      inner: [],
    })),
  ]
}

function groupPart({ name, checks, groups }: SummaryGroup): Part {
  const passes = checks.reduce((sum, check) => sum + check.passes, 0)
  const fails = checks.reduce((sum, check) => sum + check.fails, 0)
  const metric: SummaryMetric = {
    name: 'checks',
    type: 'rate',
    contains: 'default',
    values: { rate: passes / (passes + fails), passes, fails },
    thresholds: [],
  }
  return {
    title: `GROUP: ${name}`,
    metrics: checks.length > 0 ? [metric] : [],
    checks,
    inner: groups.map(groupPart),
  }
}
