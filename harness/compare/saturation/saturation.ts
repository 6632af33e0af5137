import { idleCore } from '../../metrics/busy-target.ts'
import type { RatePlan, Run, SaturationPlan, TrialRecord } from '../../record/schema.ts'
import { type Estimate, logRatios, meanWithInterval, median, medianOf, toRatioMinusOne } from '../estimate.ts'
import type { ObservationId } from '../observation-id.ts'
import { primaryId, reasonsAgainst, usableValue } from '../pairs.ts'
import { type CrossCheck, crossCheckOf } from './cross-check.ts'
import { type CurvePoint, curveOf, type Knee, kneeOf, maximumOf, type SweepPoint } from './knee.ts'
import { answerOf, nextRate as nextOf, type RateAnswer } from './rate-search.ts'
import { type ToldTry, triesOf } from './tries.ts'

/** How far each variant of a run can be loaded. */
export interface Saturation {
  plan: SaturationPlan
  variants: SaturatedVariant[]
  crossCheck: CrossCheck | null
}

export interface SaturatedVariant {
  variant: string
  /** Operations a second against connections. */
  throughput: CurvePoint[]
  /**
   * Ms against connections, by percentile; median over blocks, with the smallest and the largest. Without the points at which more
   * than a tenth of the requests were still under way when the load ended: the longest would be missing.
   */
  latency: { stat: string; points: CurvePoint[] }[]
  maximum: CurvePoint | null
  /**
   * Where the target was not what ended it at its maximum: how busy its core was in such blocks, as their median; null where none
   * of them was watched.
   * Null where it was the limit in most blocks, and where there is no maximum.
   */
  idleAtMaximum: { busyShare: number | null } | null
  /** The step of the sweep at which the largest share of requests failed, if any did. */
  failed: { connections: number; share: number } | null
  knee: Knee
  /**
   * Its maximum to the baseline's, block by block: ratio minus one; null for the baseline, and where in no block the connections of
   * both maxima can be used of both.
   */
  againstBaseline: Estimate | null
  /** Trials of the sweep that cannot be used, and why the first of them cannot. */
  unusable: { trials: number; why: string } | null
  /** Null where no rate is searched for, or not of this variant. */
  rate: (RateAnswer & { tries: ToldTry[] }) | null
}

const latencyStats = ['p(50)', 'p(99)']

/** What a run says of saturation; null where it is of another kind. Pure. */
export function saturationOf(run: Run): Saturation | null {
  const plan = run.header.saturation
  if (!plan) return null
  const { baseline, variants } = run.header
  const sweeps = new Map(variants.map(({ name }) => [name, sweepOf(run, name)]))
  return {
    plan,
    variants: variants.map(({ name }) =>
      describe(run, name, sweeps.get(name)!, name === baseline ? null : sweeps.get(baseline)!),
    ),
    crossCheck: crossCheckOf(run),
  }
}

/** The rate that is to be tried next of a variant; null: none, its search is over. */
export function nextRate(run: Run, variant: string): number | null {
  const plan = ratePlanOf(run, variant)
  return plan ? nextOf(triesOf(run, variant), plan) : null
}

interface Sweep {
  records: TrialRecord[]
  points: SweepPoint[]
}

function describe(run: Run, variant: string, { points, records }: Sweep, baseline: Sweep | null): SaturatedVariant {
  const throughput = curveOf(points)
  const maximum = maximumOf(throughput)
  const unusable = records.filter((record) => reasonsAgainst(record, phase).length > 0)
  const rate = ratePlanOf(run, variant)
  const tries = triesOf(run, variant)
  return {
    variant,
    throughput,
    latency: latencyStats.map((stat) => ({ stat, points: latencyOf(run, variant, stat) })),
    maximum,
    idleAtMaximum: maximum && idleAt(run, variant, maximum),
    failed: mostFailed(run, variant),
    knee: kneeOf(points),
    againstBaseline: baseline ? ratioOfMaxima(points, baseline.points) : null,
    unusable: unusable.length > 0 ? { trials: unusable.length, why: whyUnusable(unusable[0]!) } : null,
    rate: rate ? { ...answerOf(tries, rate), tries } : null,
  }
}

/** Null where no rate is searched for, or not of this variant. */
function ratePlanOf({ header }: Run, variant: string): RatePlan | null {
  const rate = header.saturation?.rate ?? null
  return rate?.variants?.includes(variant) === false ? null : rate
}

/** A closed loop measures the slowest part of all: only where that was the target is its maximum the target's. */
function idleAt(run: Run, variant: string, { connections }: CurvePoint): SaturatedVariant['idleAtMaximum'] {
  const { name, primary } = stepsOf(run).find((step) => step.connections === connections)!
  const seen = recordsOf(run, variant, name)
    .byBlock.filter((record) => usableValue(record, primaryId(primary)) !== null)
    .map((record) => idleCore(phase.phase, record!.observations))
  const idle = seen.filter((each) => each !== null)
  if (idle.length <= seen.length / 2) return null
  return { busyShare: medianOf(idle.flatMap(({ busyShare }) => busyShare ?? [])) }
}

/** What the load itself said of it tells more than which condition it did not meet. */
const whyUnusable = (record: TrialRecord): string =>
  [reasonsAgainst(record, phase)[0]!, ...record.warnings.slice(0, 1)].join('; ')

/** The one phase of a load of connections. */
const phase = { phase: 'load' }

function sweepOf(run: Run, variant: string): Sweep {
  const own = stepsOf(run).map((step) => ({ ...step, ...recordsOf(run, variant, step.name) }))
  return {
    records: own.flatMap(({ records }) => records),
    // What has not run yet is not what could not be used.
    points: own
      .filter(({ records }) => records.length > 0)
      .map(({ connections, primary, byBlock }) => ({
        connections,
        values: byBlock.map((record) => usableValue(record, primaryId(primary))),
      })),
  }
}

const stepsOf = ({ header }: Run) =>
  header.scenarios
    .flatMap(({ name, primary, step }) =>
      step?.kind === 'connections' ? [{ name, primary, connections: step.value }] : [],
    )
    .sort((a, b) => a.connections - b.connections)

function recordsOf({ header, records }: Run, variant: string, scenario: string) {
  const own = records.filter((record) => record.variant === variant && record.scenario === scenario)
  const byBlock = Array.from({ length: header.blocks }, (_, block) =>
    own.findLast(({ key }) => key.block === block + 1),
  )
  return { records: own, byBlock }
}

function latencyOf(run: Run, variant: string, stat: string): CurvePoint[] {
  const id: ObservationId = { metric: 'http_req_duration', stat, scope: {} }
  return stepsOf(run).flatMap(({ name, connections }) => {
    const { byBlock } = recordsOf(run, variant, name)
    const values = byBlock
      .filter((record) => !isCutOff(record, connections))
      .flatMap((record) => usableValue(record, id) ?? [])
    if (values.length === 0) return []
    const [lower, upper] = values.length > 1 ? [Math.min(...values), Math.max(...values)] : [null, null]
    return [{ connections, blocks: values.length, estimate: median(values), lower, upper }]
  })
}

/** Each connection has a request under way when a closed loop ends. */
function isCutOff(record: TrialRecord | undefined, connections: number): boolean {
  const answers = usableValue(record, { metric: 'http_reqs', stat: 'count', scope: {} })
  return answers !== null && connections > mostUnderWay * (answers + connections)
}
const mostUnderWay = 0.1

function mostFailed(run: Run, variant: string): SaturatedVariant['failed'] {
  const id: ObservationId = { metric: 'http_req_failed', stat: 'rate', scope: {} }
  const steps = stepsOf(run).flatMap(({ name, connections }) => {
    const shares = recordsOf(run, variant, name).byBlock.flatMap((record) => usableValue(record, id) ?? [])
    return shares.length === 0 ? [] : [{ connections, share: median(shares) }]
  })
  const [worst] = steps.toSorted((a, b) => b.share - a.share)
  return worst && worst.share > 0 ? worst : null
}

/**
 * Of each block the highest of one to the highest of the other, whatever connections they are at; of the points that both have
 * there. A block that lacks the maximum of either has no ratio: what is left of it would be told as its highest.
 */
function ratioOfMaxima(own: readonly SweepPoint[], baseline: readonly SweepPoint[]): Estimate | null {
  const needed = [own, baseline].flatMap((points) => maximumOf(curveOf(points))?.connections ?? [])
  if (needed.length < 2) return null
  const pairs = (own[0]?.values ?? []).flatMap((_, block) => {
    const shared = sharedIn(own, baseline, block)
    if (!needed.every((count) => shared.some(({ connections }) => connections === count))) return []
    return [[highest(shared.map(({ theirs }) => theirs)), highest(shared.map(({ ours }) => ours))] as const]
  })
  const logs = logRatios(
    pairs.map(([theirs]) => theirs),
    pairs.map(([, ours]) => ours),
  )
  return logs && logs.length > 0 ? toRatioMinusOne(meanWithInterval(logs)) : null
}

/** The points of a block that can be used of both. */
const sharedIn = (own: readonly SweepPoint[], baseline: readonly SweepPoint[], block: number) =>
  own.flatMap(({ connections, values }) => {
    const theirs = baseline.find((each) => each.connections === connections)?.values[block]
    const ours = values[block]
    return ours && theirs ? [{ connections, ours, theirs }] : []
  })

const highest = (values: readonly number[]): number => Math.max(...values)
