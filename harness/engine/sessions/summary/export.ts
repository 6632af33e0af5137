import type { SummaryData, SummaryDataMetric } from './data.ts'
import type { SummaryCheck, SummaryGroup } from './groups.ts'

/** The flat format of `k6 run --summary-export`; of a threshold `true` says that it failed, odd as that is. */
export function summaryExport({ root_group, metrics, setup_data }: SummaryData): Record<string, unknown> {
  return {
    root_group: flatGroup(root_group),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, flatMetric(metric)])),
    ...(setup_data === undefined ? {} : { setup_data }),
  }
}

function flatMetric({ type, values, thresholds }: SummaryDataMetric): Record<string, unknown> {
  const { rate, ...others } = values
  const crossed = Object.entries(thresholds ?? {}).map(([source, { ok }]) => [source, !ok])
  return {
    ...(type === 'rate' ? { ...others, value: rate } : values),
    ...(crossed.length > 0 ? { thresholds: Object.fromEntries(crossed) } : {}),
  }
}

interface FlatGroup {
  name: string
  path: string
  id: string
  groups: Record<string, FlatGroup>
  checks: Record<string, SummaryCheck>
}

const flatGroup = ({ name, path, id, groups, checks }: SummaryGroup): FlatGroup => ({
  name,
  path,
  id,
  groups: Object.fromEntries(groups.map((group) => [group.name, flatGroup(group)])),
  checks: Object.fromEntries(checks.map((check) => [check.name, check])),
})
