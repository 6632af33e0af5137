import { parseSelector } from '../../harness/metrics/selector.ts'
import { type Better, describeMetric, type Unit } from '../../harness/metrics/table.ts'

/** Short names of the numbers that the study looks at, in the order of its tables. */
export const metricKeys = ['instructions', 'cpu', 'throughput', 'p50', 'p99', 'memory', 'heap'] as const

export type MetricKey = (typeof metricKeys)[number]

export interface StudyMetric {
  key: MetricKey
  /** For people. */
  title: string
  /** As a comparison would be told it. */
  selector: string
  unit: Unit
  better: Better
}

const selectors: Record<MetricKey, [title: string, selector: string]> = {
  instructions: ['instructions per request', 'target_instructions_per_op{phase:capacity} value'],
  cpu: ['CPU per request', 'target_cpu_per_op{phase:capacity} value'],
  throughput: ['throughput', 'throughput{phase:capacity} value'],
  p50: ['p50', 'http_req_duration{scenario:capacity} p(50)'],
  p99: ['p99', 'http_req_duration{scenario:capacity} p(99)'],
  memory: ['memory (RSS), peak', 'target_rss_peak{phase:capacity} value'],
  heap: ['heap, peak', 'target_heap_used_peak{phase:capacity} value'],
}

export const studyMetrics: readonly StudyMetric[] = metricKeys.map((key) => {
  const [title, selector] = selectors[key]
  const { metric, stat } = parseSelector(selector)
  const { unit, better } = describeMetric(
    stat.startsWith('p(') ? { name: metric, kind: 'trend', isTime: true } : metric,
  )
  return { key, title, selector, unit, better }
})

export const metricOf = (key: MetricKey): StudyMetric => studyMetrics.find((metric) => metric.key === key)!
