import type { Observation, Scope, TrialRecord } from '../record/schema.ts'
import { halfWidth, mean } from './estimate.ts'
import { studentTQuantile } from './student-t.ts'
import type { Verdict } from './verdict.ts'

/** A share of failures that is larger by more than this makes times incomparable: who fails fast is not faster. */
export const failureMargin = 0.001

/** The share of failures that an observation tells of; null where it tells of none. */
export function failureShare({ metric, stat, value }: Pick<Observation, 'metric' | 'stat' | 'value'>): number | null {
  if (stat !== 'rate') return null
  if (metric === 'checks') return 1 - value
  return metric.endsWith('_failed') ? value : null
}

/** A k6 scenario and the phase that it fills have one name; the whole load has none. */
const nameOf = ({ scenario, phase }: Scope): string | undefined => scenario ?? phase

/** Whether a number over the one scope says something of the other: the whole load of every part, a part of itself. */
export const isOfPart = (scope: Scope, part: Scope): boolean =>
  nameOf(scope) === undefined || nameOf(scope) === nameOf(part)

/** One side fails more often by more than chance explains. */
export interface FailureExcess {
  side: 'A' | 'B'
  /** The bound of the interval that lies nearer to none: at least so much larger is that side's share of failures. */
  atLeast: number
  /** `polling fails more often (checks: 3% against 0%)` */
  words: string
}

/** Two-sided, of all measures of failing together, unless told otherwise. */
const usualError = 0.05

/** What the first of `failureExcesses` is in words; null where neither side fails more often. */
export const whoFailsMore = (a: readonly TrialRecord[], b: readonly TrialRecord[], part: Scope): string | null =>
  failureExcesses(a, b, part)[0]?.words ?? null

/** A regression is not withdrawn for less: so few failures of the baseline do not make it that much faster. */
const reliefMargin = 0.01

/**
 * Who fails more often may be faster for it, so nothing that speaks for that side is believed, nor that both are alike.
 * Null where the verdict stands.
 *
 * @param a as many trials as `b`: those at one place are a pair
 * @param part where the numbers come from that the verdict is of
 */
export function doubtOfFailures(
  a: readonly TrialRecord[],
  b: readonly TrialRecord[],
  part: Scope,
  verdict: Verdict,
): string | null {
  const doubted = failureExcesses(a, b, part).find(({ side, atLeast }) => {
    if (verdict === 'regressed') return side === 'A' && atLeast > reliefMargin
    return verdict === 'equivalent' || side === 'B'
  })
  return doubted ? `${doubted.words}, so its figures prove nothing` : null
}

/**
 * By what measures one side's requests failed more often where the numbers compared come from (those of the whole load from
 * every part of it): the interval of the mean paired difference lies beyond `failureMargin`.
 *
 * @param a as many trials as `b`: those at one place are a pair. Of fewer than two pairs nothing is said
 * @param error two-sided, of all measures together
 */
export function failureExcesses(
  a: readonly TrialRecord[],
  b: readonly TrialRecord[],
  part: Scope,
  error = usualError,
): FailureExcess[] {
  const pairs = a.map((record, at) => [sharesOf(record, part), sharesOf(b[at]!, part)] as const)
  const metrics = [...new Set(pairs.flatMap(([ofA]) => [...ofA.keys()]))]
  return metrics.flatMap((metric) => {
    const shares = pairs.flatMap(([ofA, ofB]) => {
      const [shareA, shareB] = [ofA.get(metric), ofB.get(metric)]
      return shareA && shareB ? [{ a: shareA, b: shareB }] : []
    })
    const { side, atLeast } = excessOf(shares, error / metrics.length)
    if (atLeast <= failureMargin) return []
    const { variant } = (side === 'A' ? a : b)[0]!
    return [{ side, atLeast, words: `${variant} fails more often (${metric}: ${inWords(shares, side)})` }]
  })
}

/** Of one trial: the share of what failed, and how many it is a share of; 0 where nobody counted. */
interface Share {
  share: number
  n: number
}
type SharePair = Record<'a' | 'b', Share>

function excessOf(shares: readonly SharePair[], error: number): Pick<FailureExcess, 'side' | 'atLeast'> {
  if (shares.length < 2) return { side: 'A', atLeast: 0 }
  const differences = shares.map(({ a, b }) => b.share - a.share)
  const half = Math.max(halfWidth(differences, 1 - error), halfOfCounts(shares, error))
  const estimate = mean(differences)
  return { side: estimate < 0 ? 'A' : 'B', atLeast: Math.abs(estimate) - half }
}

/**
 * Half the interval of the mean difference by the counts alone, as if every request failed by chance: pairs that happen to be
 * alike, one failure each, are no proof. A success and a failure are added to each count, so that none has no spread (Agresti
 * & Caffo 2000).
 */
function halfOfCounts(shares: readonly SharePair[], error: number): number {
  const counted = shares.flatMap(({ a, b }) => [a, b]).filter(({ n }) => n > 0)
  if (counted.length === 0) return 0
  const variance = counted.reduce((sum, { share, n }) => {
    const shrunk = (share * n + 1) / (n + 2)
    return sum + (shrunk * (1 - shrunk)) / (n + 2)
  }, 0)
  const degreesOfFreedom = counted.reduce((sum, { n }) => sum + n, 0)
  return (studentTQuantile(1 - error / 2, degreesOfFreedom) * Math.sqrt(variance)) / shares.length
}

function inWords(shares: readonly SharePair[], side: 'A' | 'B'): string {
  const [ofA, ofB] = [mean(shares.map(({ a }) => a.share)), mean(shares.map(({ b }) => b.share))]
  return side === 'A' ? `${percent(ofA)} against ${percent(ofB)}` : `${percent(ofB)} against ${percent(ofA)}`
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`

/**
 * The shares of failures by their measure, `checks` of the whole load and `checks, polling` of one part of it: each is asked
 * by itself, since a few failures of few requests are lost among many, and those of many say nothing of few.
 */
function sharesOf({ observations }: TrialRecord, part: Scope): Map<string, Share> {
  const shares = new Map<string, Share>()
  for (const observation of observations) {
    if (!(nameOf(part) === undefined || isOfPart(observation, part))) continue
    const share = shareIn(observations, observation)
    const { metric } = observation
    const measured = metric === 'iterations' ? 'dropped_iterations' : metric
    if (share) shares.set([measured, nameOf(observation) ?? []].flat().join(', '), share)
  }
  // A load of one part is that part: once is enough.
  for (const [measure, { n }] of shares) {
    const [metric, name] = measure.split(', ')
    if (name !== undefined && shares.get(metric!)?.n === n) shares.delete(measure)
  }
  return shares
}

function shareIn(observations: readonly Observation[], observation: Observation): Share | null {
  const { metric, stat, n = 0 } = observation
  if (metric === 'iterations') return stat === 'count' ? droppedShare(observations, observation) : null
  const share = failureShare(observation)
  return share === null ? null : { share, n }
}

/** What was due and never started, of all that was due: a server that does less of the work is not the faster one. */
function droppedShare(observations: readonly Observation[], done: Observation): Share {
  const dropped = observations.find(
    ({ metric, stat, scenario, phase }) =>
      metric === 'dropped_iterations' && stat === 'count' && scenario === done.scenario && phase === done.phase,
  )
  const n = done.value + (dropped?.value ?? 0)
  return { share: n === 0 ? 0 : (dropped?.value ?? 0) / n, n }
}
