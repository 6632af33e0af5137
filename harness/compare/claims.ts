import { type Better, describeMetric, type Unit } from '../metrics/table.ts'
import type { Claim, Observation, Run, TrialRecord } from '../record/schema.ts'
import { type ClaimEstimate, estimateClaim } from './claim-interval.ts'
import {
  atOrBeyond,
  type ClaimedRange,
  type ClaimVerdict,
  decideClaim,
  excludes,
  type Interval,
  readClaimed,
} from './claimed-range.ts'
import { type FailureExcess, failureExcesses } from './failures.ts'
import { isSame, type ObservationId } from './observation-id.ts'
import { pairNumbers, primaryId, reasonsAgainstId, usableValue } from './pairs.ts'

export type { ClaimVerdict } from './claimed-range.ts'

export interface Measured extends ClaimEstimate {
  unit: Unit | 'ratio'
}

/** A claim beside what was measured. */
export interface ClaimResult {
  claim: Claim
  /** Null where no pair can be used. */
  measured: Measured | null
  /** The unit of the metric, as a trial has it, or else as it is known. */
  metricUnit: Unit
  /** Pairs (of a value: trials) that were used, and those that have begun and were not. */
  pairs: number
  excludedPairs: number
  verdict: ClaimVerdict
  /** What is to be said beside the verdict; empty where there is nothing. */
  reason: string
}

/** Fewer have no spread to judge by. */
const leastPairs = 2

/**
 * Holds every claim of a run against what was measured: Student's t at 95% over pairs (blocks). Trials that failed or
 * are invalid never enter. A quick run measures, and decides nothing.
 */
export const testClaims = (run: Run): ClaimResult[] => (run.header.claims ?? []).map((claim) => testClaim(claim, run))

function testClaim(claim: Claim, run: Run): ClaimResult {
  const id = primaryId(claim.metric)
  const claimed = readClaimed(claim.claimed)
  const pairs = pairsOf(run, claim, claimed)
  const usable = pairs.flatMap((pair) => valuesOf(pair, id, claimed))
  const metricUnit = unitOf(run, claim, id)
  const counts = { claim, metricUnit, pairs: usable.length, excludedPairs: pairs.length - usable.length }
  const estimate = usable.length > 0 ? estimateOf(claimed, usable) : null
  const measured =
    estimate === null || 'none' in estimate
      ? null
      : { ...estimate, unit: claimed.kind === 'ratio' ? ('ratio' as const) : metricUnit }
  const whyNot = whyNotRun(run, claim, pairs, usable.length, id)
  if (whyNot !== null) return { ...counts, measured, verdict: 'not run', reason: whyNot }
  if (estimate && 'none' in estimate) return { ...counts, measured, verdict: 'inconclusive', reason: estimate.none }
  const excesses = failures(claimed, pairs, id)
  const flattered = excesses.find(({ side }) => isFlattered(side, claimed, measured!, betterOf(run, claim, id)))
  if (flattered)
    return { ...counts, measured, verdict: 'inconclusive', reason: `${flattered.words}, so its figures prove nothing` }
  const verdict = decideClaim(claimed, { lower: measured!.lower!, upper: measured!.upper! })
  const reasons = [
    ...remarksOn(verdict, claimed, measured!, usable.length),
    ...excesses.slice(0, 1).map(({ words }) => words),
  ]
  return { ...counts, measured, verdict, reason: reasons.join('; ') }
}

/** Two trials of one block: what is claimed about, and what it is held against. For a value the second is the first. */
export interface ClaimPair {
  variant: TrialRecord | undefined
  against: TrialRecord | undefined
}

/** All pairs of the scenario that have begun for the variant, in order. A trial that was run again replaces the earlier one. */
function pairsOf({ header, records }: Run, { scenario, variant, against }: Claim, { kind }: ClaimedRange): ClaimPair[] {
  const ofScenario = records.filter((record) => record.scenario === scenario)
  return pairNumbers(header, ofScenario, [variant]).map((pair) => {
    const find = (name: string) => ofScenario.findLast((each) => each.key.pair === pair && each.variant === name)
    return { variant: find(variant), against: find(kind === 'value' ? variant : against) }
  })
}

interface Values {
  variant: number
  against: number
}

function valuesOf(pair: ClaimPair, id: ObservationId, { kind }: ClaimedRange): Values[] {
  const variant = usableValue(pair.variant, id)
  const against = kind === 'value' ? variant : usableValue(pair.against, id)
  return variant === null || against === null ? [] : [{ variant, against }]
}

const estimateOf = ({ kind }: ClaimedRange, usable: readonly Values[]) =>
  estimateClaim(
    kind,
    usable.map(({ against }) => against),
    usable.map(({ variant }) => variant),
  )

const exampleOf = ({ records }: Run, { scenario }: Claim, id: ObservationId): Observation | undefined =>
  records
    .filter((record) => record.scenario === scenario)
    .flatMap(({ observations }) => observations)
    .find(matches(id))

const unitOf = (run: Run, claim: Claim, id: ObservationId): Unit =>
  exampleOf(run, claim, id)?.unit ?? describeMetric(id.metric).unit

const betterOf = (run: Run, claim: Claim, id: ObservationId): Better =>
  exampleOf(run, claim, id)?.better ?? describeMetric(id.metric).better

const matches = (id: ObservationId) => (observation: Observation) => isSame(observation, id)

/** Why a claim gets no verdict; null where it gets one. */
function whyNotRun(run: Run, claim: Claim, pairs: ClaimPair[], usable: number, id: ObservationId): string | null {
  const missing = run.header.missing?.find(({ need }) => claim.needs.includes(need))
  if (missing) return `${missing.need} is missing: ${missing.reason}`
  const { quick, blocks } = run.header
  if (quick) return usable > 0 ? quickly : withWhy(quickly, pairs, id)
  if (usable >= leastPairs) return null
  const needed = `at least ${leastPairs} are needed`
  if (usable > 0 && blocks < leastPairs) return `no verdict from one block, ${needed}`
  return withWhy(`${usable} usable ${usable === 1 ? 'pair' : 'pairs'}, ${needed}`, pairs, id)
}

const quickly = 'a quick run gives no verdicts'

function withWhy(text: string, pairs: ClaimPair[], id: ObservationId): string {
  const why = whyUnusable(pairs, id)
  return why === null ? text : `${text} (${why})`
}

/** The first thing that is wrong with a trial of these pairs. */
function whyUnusable(pairs: ClaimPair[], id: ObservationId): string | null {
  const records = pairs.flatMap(({ variant, against }) => [variant, against]).filter((record) => record !== undefined)
  for (const record of records) {
    const [reason] = reasonsAgainstId(record, id)
    const where = `${record.variant}, block ${record.key.block}`
    if (reason !== undefined) return `${where}: ${reason}`
    if (!record.observations.some(matches(id))) return `${where} has no such metric`
    if (usableValue(record, id) === null) return `${where}: too few samples`
  }
  return null
}

/** Which of the two just failed more often: A is the variant, B what it is held against. */
function failures({ kind }: ClaimedRange, pairs: ClaimPair[], { scope }: ObservationId): FailureExcess[] {
  if (kind === 'value') return []
  const whole = pairs.flatMap(({ variant, against }) => (variant && against ? [{ variant, against }] : []))
  return failureExcesses(
    whole.map(({ variant }) => variant),
    whole.map(({ against }) => against),
    scope,
  )
}

/**
 * Who fails fast is not fast: nothing is believed that speaks for the side that fails more often, nor that both are alike. Of
 * what is neither better nor worse failures take nothing away.
 */
function isFlattered(side: 'A' | 'B', { noEffect }: ClaimedRange, { lower, upper }: Measured, better: Better): boolean {
  if (better === 'none' || noEffect === null) return false
  const isMore = lower! > noEffect
  if (!isMore && upper! >= noEffect) return true
  return side === (isMore === (better === 'higher') ? 'A' : 'B')
}

function remarksOn(verdict: DecidedVerdict, claimed: ClaimedRange, measured: Measured, pairs: number): string[] {
  const same = measured.kind === 'constant' ? [`the same in all ${pairs} blocks`] : []
  return [...remarks[verdict](claimed, { lower: measured.lower!, upper: measured.upper! }), ...same]
}

type DecidedVerdict = Exclude<ClaimVerdict, 'not run'>
type Remark = (claimed: ClaimedRange, interval: Interval) => string[]

const remarks: Record<DecidedVerdict, Remark> = {
  confirmed: (claimed, interval) => (excludes(interval, claimed.range) ? ['more than was claimed'] : []),
  'direction only': (claimed, interval) => [
    excludes(interval, atOrBeyond(claimed))
      ? 'less than was claimed'
      : 'whether it is as much as claimed is not decided',
  ],
  refuted: ({ direction, noEffect }, interval) => {
    if (direction === null) return ['outside of what was claimed']
    const isOpposite = direction === 'up' ? interval.upper < noEffect! : interval.lower > noEffect!
    return [isOpposite ? 'the opposite of what was claimed' : 'no effect is shown in the claimed direction']
  },
  inconclusive: ({ noEffect }, { lower, upper }) =>
    noEffect !== null && lower <= noEffect && noEffect <= upper
      ? ['neither the claim nor no effect is excluded']
      : ['the interval lies across the bound of the claim'],
}
