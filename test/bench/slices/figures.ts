import type { ComparisonPlan, TrialRecord } from '../../../harness/record/schema.ts'

export type Mode = ComparisonPlan['mode']

/** What was recorded of one pair of a server with itself. */
export interface BenchedPair {
  mode: Mode
  records: readonly TrialRecord[]
}

const metrics = [
  ['throughput', 'value', 'throughput'],
  ['target_cpu_per_op', 'value', 'CPU per operation'],
  ['target_instructions_per_op', 'value', 'instructions per operation'],
  ['http_req_duration', 'p(50)', 'p50'],
] as const

/** A row a metric: how much pairs of equals differ, as standard deviation of ln(B/A) in percent, in each mode. */
export function figuresOf(pairs: readonly BenchedPair[]): string[][] {
  const rows = metrics.map(([metric, stat, title]) => [
    title,
    ...(['trials', 'slices'] as const).map((mode) => percentOf(logRatios(pairs, mode, metric, stat))),
  ])
  const count = (mode: Mode, isUsable: boolean): string =>
    String(pairs.filter((pair) => pair.mode === mode && (!isUsable || isValid(pair))).length)
  return [
    ['standard deviation of a pair', 'whole trials', 'slices'],
    ...rows,
    ['pairs', count('trials', false), count('slices', false)],
    ['pairs that can be used', count('trials', true), count('slices', true)],
    ['seconds of a pair', secondsOf(pairs, 'trials'), secondsOf(pairs, 'slices')],
  ]
}

/** Why pairs cannot be used, each reason once: `slices: capacity in "capacity" says nothing of the target: ...`. */
export const faultsOf = (pairs: readonly BenchedPair[]): string[] => [
  ...new Set(
    pairs.flatMap(({ mode, records }) =>
      records
        .flatMap(({ failure, invalid }) => [...(failure ? [failure] : []), ...invalid])
        .map(({ message }) => `${mode}: ${message}`),
    ),
  ),
]

const isValid = ({ records }: BenchedPair): boolean =>
  records.every(({ failure, invalid }) => failure === undefined && invalid.length === 0)

function logRatios(pairs: readonly BenchedPair[], mode: Mode, metric: string, stat: string): number[] {
  return pairs.flatMap((pair) => {
    if (pair.mode !== mode || !isValid(pair)) return []
    const [a, b] = (['A', 'B'] as const).map((side) => {
      const record = pair.records.find(({ key }) => key.side === side)
      return record?.observations.find((each) => each.metric === metric && each.stat === stat)?.value
    })
    return a !== undefined && b !== undefined && a > 0 && b > 0 ? [Math.log(b / a)] : []
  })
}

/** `-` where there are fewer than two. */
function percentOf(values: readonly number[]): string {
  if (values.length < 2) return '-'
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${(100 * Math.sqrt(squares / (values.length - 1))).toFixed(2)}%`
}

function secondsOf(pairs: readonly BenchedPair[], mode: Mode): string {
  const own = pairs.filter((pair) => pair.mode === mode)
  const total = own.flatMap(({ records }) => records).reduce((sum, { durationS }) => sum + durationS, 0)
  return (total / own.length).toFixed(1)
}
