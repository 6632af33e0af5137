import { mean } from '../../../harness/compare/estimate.ts'
import { type LookLevel, lookLevels, planLooks } from '../../../harness/compare/looks.ts'
import { boundRank } from '../../../harness/compare/signed-rank.ts'
import { type LogLook, takeLooks } from '../../../harness/compare/take-looks.ts'
import { mulberry32 } from '../../../harness/random.ts'
import { alpha } from '../procedures/sequential.ts'
import { drawLogs, holds } from './draw.ts'
import { type Noise, noises } from './noise.ts'

export interface SimulationOptions {
  /** Comparisons drawn under each noise. */
  comparisons: number
  seed: number
}

/** How often something happened. */
export interface Count {
  found: number
  tried: number
}

/** The procedure for one budget. */
export interface Procedure {
  title: string
  levels: LookLevel[]
}

export interface NoiseResult {
  noise: Noise
  /** The true effect lies in the 99% interval of so many pairs. */
  covered: { pairs: number; count: Count }[]
  procedures: {
    procedure: Procedure
    /** Some look's interval left the truth out: with margin 0 a wrong "changed". */
    wrong: Count
    /** Those of which it was this look that did so first. */
    firstAt: number[]
  }[]
  decided: DecidedResult
  /** The same where each pair from the tenth on is looked at with an interval of 95%. */
  naive: Count
}

/** What comes of comparisons for 80 pairs where there is something to find. */
export interface DecidedResult {
  /** The interval of the last look, most often the one that decides, holds the effect. */
  held: Count
  /** The verdict is the right one. */
  found: Count
  /** Pairs of the last look, in the mean. */
  pairs: number
}

/** In spreads of a trial: what 2% is where trials vary by 1.5%. */
export const decidedEffect = 4 / 3

const most = 80
const coverageAt = [10, 20, 40, 80]
export const coverageError = 0.01

/** The procedures of comparisons of 5 and 15 minutes (12 and 36 pairs of 25 s), of 80 pairs, and of one that ends between looks. */
export const procedures: readonly Procedure[] = [
  ...[12, 36, most].map((pairs) => ({
    title: `${pairs} pairs`,
    levels: lookLevels(planLooks(pairs, alpha), alpha, pairs),
  })),
  { title: 'planned for 80 pairs, ended at 31', levels: lookLevels(planLooks(most, alpha), alpha, 31) },
]

const naiveLevels: LookLevel[] = Array.from({ length: most - 9 }, (_, at) => ({ pairs: at + 10, error: 0.05 }))

/** All noises, each with its own numbers: the same seed gives the same counts. */
export const runSimulation = ({ comparisons, seed }: SimulationOptions): NoiseResult[] =>
  noises.map((noise, at) => simulateNoise(noise, comparisons, seed + at))

export function simulateNoise(noise: Noise, comparisons: number, seed: number): NoiseResult {
  const random = mulberry32(seed)
  const logs = Array.from({ length: comparisons }, (_, at) => drawLogs(noise, most, seed + 1000 * (at + 1), random))
  const lookOfNaive = firstLookThatIsWrong(naiveLevels)
  return {
    noise,
    covered: coverageAt.map((pairs) => {
      const rank = rankOf({ pairs, error: coverageError })
      return { pairs, count: countOf(logs, (values) => holds(values.slice(0, pairs), rank)) }
    }),
    procedures: procedures.map((procedure) => outcomeOf(procedure, logs)),
    // Looks that sort all averages take ten times as long as ranks.
    decided: decidedOf(logs.slice(0, comparisons / 10)),
    // 71 looks each: a tenth of the comparisons tells enough.
    naive: countOf(logs.slice(0, comparisons / 10), (values) => lookOfNaive(values) >= 0),
  }
}

function outcomeOf(procedure: Procedure, logs: readonly number[][]): NoiseResult['procedures'][number] {
  const first = logs.map(firstLookThatIsWrong(procedure.levels))
  const firstAt = procedure.levels.map((_, look) => first.filter((each) => each === look).length)
  return { procedure, wrong: { found: first.filter((look) => look >= 0).length, tried: logs.length }, firstAt }
}

function decidedOf(noises: readonly number[][]): DecidedResult {
  const levels = lookLevels(planLooks(most, alpha), alpha)
  const judge = ({ lower }: { lower: number }) => (lower > 0 ? 'regressed' : 'inconclusive')
  const last = noises.map(
    (logs) =>
      takeLooks(
        logs.map((log) => decidedEffect + log),
        levels,
        judge,
      ).at(-1)!,
  )
  const isHeld = ({ interval }: LogLook) =>
    interval === null || (interval.lower <= decidedEffect && interval.upper >= decidedEffect)
  return {
    held: { found: last.filter(isHeld).length, tried: last.length },
    found: { found: last.filter(({ verdict }) => verdict === 'regressed').length, tried: last.length },
    pairs: mean(last.map(({ pairs }) => pairs)),
  }
}

/** Gives the index of the first look whose interval leaves the truth, which is 0, out; -1 where none does. */
export function firstLookThatIsWrong(levels: readonly LookLevel[]): (values: readonly number[]) => number {
  const looks = levels.map((level) => ({ pairs: level.pairs, rank: level.error === 0 ? 0 : rankOf(level) }))
  return (values) => looks.findIndex(({ pairs, rank }) => rank > 0 && !holds(values.slice(0, pairs), rank))
}

/** Of an error that comes from `boundRank` the same rank again: its last digits must not lose it. */
const rankOf = ({ pairs, error }: LookLevel): number => boundRank(pairs, error * (1 + 1e-12))?.rank ?? 0

const countOf = (logs: readonly number[][], happens: (values: readonly number[]) => boolean): Count => ({
  found: logs.filter(happens).length,
  tried: logs.length,
})
