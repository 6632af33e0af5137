import type { CheckResult } from '../../../record/schema.ts'
import type { LoadResult } from '../../port.ts'
import { isOwnMetric, parentOf, type SummaryMetric } from './metrics.ts'

/** compact: totals only. full: also groups and k6 scenarios, and every metric. */
export type SummaryMode = 'compact' | 'full'

export interface Section {
  title: string
  metrics: SummaryMetric[]
}

const detail = ['blocked', 'connecting', 'receiving', 'sending', 'tls_handshaking', 'waiting'].map(
  (part) => `http_req_${part}`,
)
const always = ['checks', 'group_duration']

/** Metrics that the totals leave out; checks have lines of their own. */
export const isLeftOut = (name: string, mode: SummaryMode): boolean =>
  always.includes(parentOf(name)) || (mode === 'compact' && detail.includes(parentOf(name)))

const httpNames = ['http_reqs', 'http_req_failed', 'http_req_duration', ...detail]
const executionNames = ['vus', 'vus_max', 'iterations', 'iteration_duration', 'dropped_iterations']

/** What k6 does not measure, such as the three latencies and how the generator itself fared, stands last. */
const titles: [title: string, holds: (name: string) => boolean][] = [
  ['HTTP', (name) => httpNames.includes(name)],
  ['EXECUTION', (name) => executionNames.includes(name)],
  ['NETWORK', (name) => name === 'data_sent' || name === 'data_received'],
  ['WEIR', isOwnMetric],
  ['WEBSOCKET', (name) => name.startsWith('ws_')],
  ['CUSTOM', () => true],
]
const order = ['CUSTOM', 'HTTP', 'EXECUTION', 'NETWORK', 'WEBSOCKET', 'WEIR']

/** Metrics under the titles of the summary; titles without metrics are left out. */
export function sectionsOf(metrics: readonly SummaryMetric[], mode: SummaryMode): Section[] {
  const shown = metrics.filter(({ name }) => !isLeftOut(name, mode))
  const titleOf = (name: string): string => titles.find(([, holds]) => holds(parentOf(name)))![0]
  return order
    .map((title) => ({ title, metrics: shown.filter(({ name }) => titleOf(name) === title) }))
    .filter((section) => section.metrics.length > 0)
}

/** The three lines above the checks. @param checks the metric of that name */
export function checkTotals({ values }: SummaryMetric, overS = 0): SummaryMetric[] {
  const [passes, fails] = [values.passes!, values.fails!]
  const count = passes + fails
  const line = (name: string, type: string, ofLine: Record<string, number>): SummaryMetric => ({
    name,
    type,
    contains: 'default',
    values: ofLine,
    thresholds: [],
  })
  const share = (part: number): number => (count > 0 ? part / count : 0)
  return [
    line('checks_total', 'counter', { count, rate: overS > 0 ? count / overS : 0 }),
    line('checks_succeeded', 'rate', { rate: share(passes), passes, fails }),
    line('checks_failed', 'rate', { rate: share(fails), passes: fails, fails: passes }),
  ]
}

/** Checks of the same name are one, whatever group they stand in. */
export function checksOf({ checks }: Pick<LoadResult, 'checks'>): Omit<CheckResult, 'path'>[] {
  const byName = new Map<string, Omit<CheckResult, 'path'>>()
  for (const { name, passes, fails } of checks) {
    const sum = byName.get(name) ?? { name, passes: 0, fails: 0 }
    byName.set(name, { name, passes: sum.passes + passes, fails: sum.fails + fails })
  }
  return [...byName.values()]
}
