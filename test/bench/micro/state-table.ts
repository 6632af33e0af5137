import { textTable } from '../text-table.ts'

export interface StateRow {
  suite: 'state-read' | 'state-write'
  task: string
  /** What is claimed of this way, in ns; null: nothing. */
  claimedNs: number | null
}

export interface MeasuredRow extends StateRow {
  /** By metric. */
  found: Readonly<Record<string, number>>
  /** Why it may not be used. */
  fault: string | null
}

const row = (suite: StateRow['suite'], task: string, claimedNs: number | null = null): StateRow => ({
  suite,
  task,
  claimedNs,
})

/** Claimed in Go of an atomic pointer, a mutex and a channel; the ways of the last lines are this gateway's own. */
export const stateRows: readonly StateRow[] = [
  row('state-read', 'snapshot', 0.54),
  row('state-read', 'async-mutex', 16),
  row('state-read', 'channel', 1600),
  row('state-read', 'atomics'),
  row('state-read', 'waiting-mutex'),
  row('state-read', 'record'),
  row('state-read', 'locked-record'),
  row('state-write', 'snapshot', 51),
  row('state-write', 'async-mutex'),
  row('state-write', 'channel'),
  row('state-write', 'atomics'),
  row('state-write', 'waiting-mutex'),
]

/** The ways beside what is claimed of them, and below what may not be used. */
export function tableOf(rows: readonly MeasuredRow[]): string {
  const heading = ['', 'ns', 'claimed ns', 'bytes', 'twice the work', '']
  const table = textTable([heading, ...rows.map(cellsOf)])
  const faults = rows.flatMap(({ suite, task, fault }) => (fault === null ? [] : [`  ${suite} ${task}: ${fault}`]))
  return [table, ...(faults.length > 0 ? ['', ...faults] : [])].join('\n')
}

const cellsOf = ({ suite, task, claimedNs, found, fault }: MeasuredRow): string[] => [
  `${suite.replace('state-', '')} ${task}`,
  shown(found.time_per_op),
  claimedNs === null ? '' : String(claimedNs),
  shown(found.bytes_per_op),
  found.micro_doubling_ratio === undefined ? '' : `${found.micro_doubling_ratio.toFixed(2)} x`,
  fault === null ? '' : 'void',
]

const shown = (value: number | undefined): string => (value === undefined ? '' : String(Number(value.toPrecision(3))))
