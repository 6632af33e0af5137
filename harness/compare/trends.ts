import type { MachineOfValues, NumberValues, RunValues } from '../record/schema.ts'
import { type ChangePoint, changePoints } from './change-points.ts'
import { median } from './estimate.ts'
import { gitOf, likenessOf, loadInWords, withZeros } from './run-values.ts'

/** One run's number in a trend. */
export interface TrendPoint {
  run: string
  /** ISO 8601. */
  startedAt: string
  /** Of the variant's code. */
  git: RunValues['git']
  /** Median over the usable trials. */
  value: number
  trials: number
}

/** One number of one variant over the runs of one machine, in the order in which they were measured. */
export interface Trend extends Pick<NumberValues, 'scenario' | 'variant' | 'metric' | 'unit' | 'better' | 'primary'> {
  /** What it was measured under: `a campaign`, with the first digits of the load's hash where there is one. */
  load: string
  points: TrendPoint[]
  changes: TrendChange[]
}

/** From one run on a number is another. Advisory: two runs of two times differ by more than the code. */
export interface TrendChange extends ChangePoint {
  /** Medians of the stretches before and behind it. */
  before: number
  after: number
  /** The first point of what is new. */
  point: TrendPoint
}

/** All trends of one machine: those of two machines are never put together. */
export interface MachineTrends {
  machine: MachineOfValues
  runs: number
  trends: Trend[]
}

export interface TrendFilter {
  /** Empty: all. */
  scenarios: readonly string[]
  /** Selectors, or names of metrics; empty: all. */
  metrics: readonly string[]
}

/** One seed for all histories: the same lines give the same change points. */
const seed = 1

/** What became of each number, machine by machine; the machine that was used last comes first. */
export function trendsOf(history: readonly RunValues[], filter: TrendFilter): MachineTrends[] {
  const inOrder = history.map(withZeros).toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
  const fingerprints = [...new Set(inOrder.toReversed().map(({ machine }) => machine.fingerprint))]
  return fingerprints.map((fingerprint) => {
    const runs = inOrder.filter(({ machine }) => machine.fingerprint === fingerprint)
    return { machine: runs.at(-1)!.machine, runs: runs.length, trends: trendsOfMachine(runs, filter) }
  })
}

function trendsOfMachine(runs: readonly RunValues[], filter: TrendFilter): Trend[] {
  const trends = new Map<string, Omit<Trend, 'changes'>>()
  for (const run of runs) {
    for (const number of run.numbers.filter((each) => isAsked(each, filter))) {
      const key = likenessOf(run, number)
      const { values, ...facts } = number
      const trend = trends.get(key) ?? { ...facts, load: loadOf(run, number.scenario), points: [] }
      trend.points.push(pointOf(run, number.variant, values))
      trends.set(key, trend)
    }
  }
  return [...trends.values()].map((trend) => ({ ...trend, changes: changesOf(trend.points) }))
}

/** Of a scenario that has changed there are two trends, which must be told apart. */
function loadOf(run: RunValues, scenario: string): string {
  const digest = run.loadDigests?.[scenario]
  return digest === undefined ? loadInWords(run) : `${loadInWords(run)}, load ${digest.slice(0, 7)}`
}

const isAsked = ({ scenario, metric }: NumberValues, { scenarios, metrics }: TrendFilter): boolean =>
  (scenarios.length === 0 || scenarios.includes(scenario)) &&
  (metrics.length === 0 || metrics.includes(metric) || metrics.includes(metric.split(/[ {]/)[0]!))

const pointOf = (run: RunValues, variant: string, values: NumberValues['values']): TrendPoint => ({
  run: run.run,
  startedAt: run.startedAt,
  git: gitOf(run, variant),
  value: median(values.map(({ value }) => value)),
  trials: values.length,
})

function changesOf(points: readonly TrendPoint[]): TrendChange[] {
  const values = points.map(({ value }) => value)
  const found = changePoints(values, { seed })
  return found.map((change, index) => ({
    ...change,
    before: median(values.slice(found[index - 1]?.at ?? 0, change.at)),
    after: median(values.slice(change.at, found[index + 1]?.at)),
    point: points[change.at]!,
  }))
}

/** `3f2a91c0d`, with a `+` where there was more than the commit; the day where there is no commit. */
export const commitOf = ({ git, startedAt }: Pick<TrendPoint, 'git' | 'startedAt'>): string =>
  git ? `${git.commit.slice(0, 9)}${git.dirty ? '+' : ''}` : startedAt.slice(0, 10)
