import { UserError } from '../errors.ts'
import { printSelector } from '../metrics/selector.ts'
import type { GateMetric, NoiseFloor, NoiseSample, Run, RunHeader, TrialRecord } from '../record/schema.ts'
import { mean } from './estimate.ts'
import type { WantedId } from './none-counted.ts'
import { isSame } from './observation-id.ts'
import { type ObservedId, observedIds } from './observed.ts'
import { type Pair, pairsOf, primaryId } from './pairs.ts'
import { pairsNeeded, type Sought } from './pairs-needed.ts'
import { type UsablePair, usablePairs } from './usable-pairs.ts'
import { type Margins, marginsFrom } from './verdict.ts'
import { wantedId } from './wanted-id.ts'

/** The name of side B where a variant is compared with itself. */
export const againOf = (variant: string): string => `${variant} (again)`

/**
 * What a run of a variant against itself says of every number: those of which fewer than two pairs have a ratio are left out.
 *
 * @throws UserError where the run compares nothing, or two variants
 */
export function noiseOf(run: Run): NoiseSample[] {
  const { id, comparison, scenarios } = run.header
  if (!comparison) throw new UserError(`run "${id}" is no comparison: noise is measured pair by pair, by weir noise`)
  const { variant, against } = comparison
  if (variant !== againOf(against))
    throw new UserError(
      `run "${id}" compares "${variant}" with "${against}": noise is what differs where nothing changed. Expected a run of weir noise, which compares a variant with itself`,
    )
  return scenarios.flatMap((scenario) => noiseUnder(run, scenario))
}

function noiseUnder(run: Run, { name, primary, loadDigest }: RunHeader['scenarios'][number]): NoiseSample[] {
  const { id, startedAt, comparison } = run.header
  const { variant, against, mode } = comparison!
  const pairs = pairsOf(run, name, variant)
  const eventLoopSampling = run.records.find((record) => record.eventLoopSampling)?.eventLoopSampling ?? null
  const load = loadDigest === undefined ? {} : { loadDigest }
  const facts = { run: id, startedAt, scenario: name, ...load, variant: against, mode, eventLoopSampling }
  return observedIds(run, name, primaryId(primary)).flatMap((observed) => {
    const spread = spreadOf(pairs, observed)
    if (spread === null) return []
    const { metric, stat, scope, example } = observed
    const selector = printSelector({ metric, stat, tags: { ...scope } })
    return [{ ...facts, metric: selector, unit: example.unit, better: example.better, ...spread }]
  })
}

/** The gate metric that a sample, or a floor, is of; undefined where nothing is judged by it. */
export const gateMetricOf = (
  metrics: readonly GateMetric[],
  { scenario, metric }: Pick<NoiseSample, 'scenario' | 'metric'>,
): GateMetric | undefined => {
  const { scope, ...number } = primaryId(metric)
  return metrics.find((each) => each.scenario === scenario && isSame({ ...number, ...scope }, primaryId(each.metric)))
}

/** Whether of each scenario something that is judged was measured often enough to have a spread. */
export const isNoiseFound = ({ header }: Run, samples: readonly NoiseSample[]): boolean =>
  header.scenarios.every(({ name }) =>
    samples.some((sample) => sample.scenario === name && gateMetricOf(header.comparison!.metrics, sample)),
  )

type Spread = Pick<NoiseSample, 'sdLog' | 'meanLog' | 'pairs' | 'usableShare' | 'secondsAPair'>

function spreadOf(pairs: readonly Pair[], observed: ObservedId): Spread | null {
  const usable = noisyPairs(pairs, observed)
  if (usable.length < 2) return null
  const logs = usable.map(({ log }) => log!)
  const centre = mean(logs)
  const variance = logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1)
  return {
    sdLog: Math.sqrt(variance),
    meanLog: centre,
    pairs: logs.length,
    usableShare: usablePairs(pairs, observed).length / pairs.length,
    secondsAPair: mean(
      pairs.flatMap(({ baseline, variant }) => (baseline && variant ? [secondsOf([baseline, variant])] : [])),
    ),
  }
}

/** What is 0 on both sides is no less noisy for it: it was not there. */
const noisyPairs = (pairs: readonly Pair[], id: WantedId): UsablePair[] =>
  usablePairs(pairs, id).filter(({ log, a }) => Number.isFinite(log) && a !== 0)

/** From the start of the first to the end of the last; in slices both are there at once, and each has half of the time. */
function secondsOf(records: readonly TrialRecord[]): number {
  if (records.every(({ slices }) => slices)) return records.reduce((sum, { durationS }) => sum + durationS, 0)
  const starts = records.map(({ startedAt }) => Date.parse(startedAt) / 1000)
  const ends = records.map(({ durationS }, at) => starts[at]! + durationS)
  return Math.max(...ends) - Math.min(...starts)
}

/** What it takes to find an effect. */
export interface Need {
  /** Ratio minus one. */
  effect: number
  /** How probable it is to be found. */
  power: number
  /** Usable ones. Null: not with as many as a comparison counts. */
  pairs: number | null
  /** With those that turn out not to be usable. */
  minutes: number | null
  /** Not beyond the margin, or not as often, but beyond none. */
  isWithoutMargin: boolean
}

export const usualEffects: readonly number[] = [0.02, 0.05, 0.1]
export const usualPowers: readonly number[] = [0.8, 0.95]

/**
 * The pairs and minutes that each of the usual effects needs in this noise; where it is not found beyond the margins, or is
 * called equivalent too often, what it needs to be found at all.
 *
 * @param alpha of one metric, over all looks
 */
export const needsOf = (floor: NoiseFloor, alpha: number, margins: Margins): Need[] =>
  usualPowers.flatMap((power) => usualEffects.map((effect) => needOf(floor, { effect, power, alpha, margins })))

function needOf(
  { sdLog: sd, secondsAPair, usableShare }: NoiseFloor,
  { effect, power, alpha, margins }: Pick<Need, 'effect' | 'power'> & Pick<Sought, 'alpha' | 'margins'>,
): Need {
  const beyondMargin = pairsNeeded({ sd, effect, margins, alpha }, power)
  const pairs = beyondMargin ?? pairsNeeded({ sd, effect, margins: marginsFrom({ change: 0 }), alpha }, power)
  return {
    effect,
    power,
    pairs,
    minutes: pairs === null ? null : (pairs * secondsAPair) / usableShare / 60,
    isWithoutMargin: beyondMargin === null && pairs !== null,
  }
}

/** After so many pairs without one that can be used no more are tried, as in any comparison. */
const mostInVain = 5

/**
 * How the scenarios of a run that measures noise stand: unlike in a comparison, no verdict ends it, since the pairs that
 * come before one are no fair sample of the spread.
 *
 * @param pairs usable ones that are wanted of each scenario
 */
export function noiseStates(run: Run, pairs: number): Map<string, 'open' | 'full' | 'unusable'> {
  const { scenarios, comparison } = run.header
  return new Map(
    scenarios.map(({ name, primary }) => {
      const begun = pairsOf(run, name, comparison!.variant)
      const usable = noisyPairs(begun, wantedId({ scenario: name, metric: primary }, run)).length
      if (usable >= pairs) return [name, 'full']
      return [name, usable === 0 && begun.length >= mostInVain ? 'unusable' : 'open']
    }),
  )
}

/** A scenario of which fewer pairs can be used than were asked for. */
export interface Shortfall {
  scenario: string
  usable: number
  begun: number
  asked: number
}

/** Empty where every scenario has the pairs that were asked for, or where the run does not say how many these were. */
export function shortfalls(run: Run): Shortfall[] {
  const { header } = run
  const asked = header.asked?.blocks ?? 0
  return header.scenarios.flatMap(({ name, primary }) => {
    const begun = pairsOf(run, name, header.comparison!.variant)
    const usable = noisyPairs(begun, wantedId({ scenario: name, metric: primary }, run)).length
    return usable >= asked ? [] : [{ scenario: name, usable, begun: begun.length, asked }]
  })
}
