import type { Run, SaturationPlan, TrialRecord } from '../../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from '../run-builder.ts'

const primary = 'throughput{phase:load} value'
const connections = [1, 10, 100]

const checks = { turn: 'turn@check-10', closed: 'closed@check-USERS-10' }

export const plan: SaturationPlan = {
  sweep: { scenario: 'turn', connections },
  rate: {
    ...{ scenario: 'paced', from: 100, to: 800, precision: 0.5, tries: 12, loads: 18 },
    holds: [
      { metric: 'http_req_duration', expression: 'p(99)<250' },
      { metric: 'http_req_failed', expression: 'rate<0.001' },
    ],
  },
  crossCheck: { variant: 'base', scenarios: [checks.turn, checks.closed], connections: 10, pairs: 3, within: 0.05 },
}

/** A load of so many connections. */
export const swept = (
  variant: string,
  count: number,
  block: number,
  perSecond: number,
  change: Partial<TrialRecord> = {},
  coreBusy = 0.97,
) =>
  makeRecord(
    [`turn@${count}`, variant, block],
    [
      observe('throughput value', perSecond, { phase: 'load' }),
      observe('target_core_busy value', coreBusy, { phase: 'load' }),
      observe('http_req_duration p(50)', (1000 * count) / perSecond),
      observe('http_req_duration p(99)', (2000 * count) / perSecond, { n: 1000 }),
    ],
    change,
  )

/** A try at a rate. */
export const tried = (variant: string, rate: number, round: number, p99Ms: number, dropped = 0) =>
  makeRecord(
    [`paced@${rate}`, variant, 2 + round],
    [
      observe('http_req_duration p(99)', p99Ms, { n: 1000 }),
      observe('http_req_failed rate', 0),
      observe('iterations count', 1000),
      observe('dropped_iterations count', dropped),
    ],
  )

export const checked = (engine: 'turn' | 'closed', pair: number, perSecond: number) =>
  makeRecord([checks[engine], 'base', pair], [observe('throughput value', perSecond, { phase: 'load' })])

/** Two variants: the other takes half of what the baseline does, and 300 arrivals a second instead of any. */
export function saturatedRun(change: readonly TrialRecord[] = []): Run {
  const header = makeHeader(['base', 'other'], [], {
    blocks: 2,
    status: 'finished',
    saturation: plan,
    cells: connections.map((count) => ({ scenario: `turn@${count}`, variants: ['base', 'other'] })),
  })
  const scenario = (of: string, kind: 'connections' | 'rate' | 'check', value: number, name = `${of}@${value}`) => ({
    ...{ name, script: `${of}.ts`, description: '', primary },
    step: { kind, of, value },
  })
  const scenarios = [
    ...connections.map((count) => scenario('turn', 'connections', count)),
    scenario('turn', 'check', 10, checks.turn),
    scenario('closed', 'check', 10, checks.closed),
    ...[100, 200, 400, 800, 283].map((rate) => scenario('paced', 'rate', rate)),
  ]
  const noise = [1, 1.02]
  const records = noise.flatMap((factor, at) => [
    ...connections.map((count) => swept('base', count, at + 1, factor * Math.min(1000, 100 * count))),
    ...connections.map((count) => swept('other', count, at + 1, factor * Math.min(500, 100 * count))),
  ])
  return makeRun({ ...header, scenarios }, [...records, ...change])
}
