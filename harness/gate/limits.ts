import { isSame, type ObservationId, selectorOf } from '../compare/observation-id.ts'
import { primaryId, reasonsAgainstId } from '../compare/pairs.ts'
import { hasNumber, isQuietOn, numberOfTrial, recordable, tooFewSamples } from '../compare/trial-number.ts'
import { UserError } from '../errors.ts'
import { printSelector } from '../metrics/selector.ts'
import { sameStat } from '../metrics/stat.ts'
import { type Better, describeMetric, type MetricKind, type Unit } from '../metrics/table.ts'
import { evaluate, parseThreshold, type Threshold } from '../metrics/thresholds.ts'
import type { GateLimit, Run, TrialRecord } from '../record/schema.ts'
import { combine, type OverTrials, overTrials } from './over-trials.ts'

/** A limit beside what was measured of the head. */
export interface LimitResult extends GateLimit {
  /** What is held against the limit: `http_req_duration p(99)`. */
  number: string
  unit: Unit
  /** The metric's own side, whatever the limit says. */
  better: Better
  /** How several trials are one number. */
  over: OverTrials
  /** Over the trials that were used, with the smallest and the largest of them; null where there is none. */
  value: number | null
  lowest: number | null
  highest: number | null
  /** Trials of the head that were used, and those that were not. */
  trials: number
  excludedTrials: number
  outcome: 'held' | 'crossed' | 'not measured'
  /** Why nothing was measured; empty where something was. */
  reason: string
}

/**
 * Holds the head's trials against the limits. Several trials are one number as `overTrials` says: the median over trials of
 * each trial's p(99) is what a usual trial had, a share of failures is that of all requests together.
 *
 * @throws UserError where trials may be used and none of them has such a number; of what a load may record and did not (a retry
 *   that nobody needed) nothing is measured
 */
export const checkLimits = (run: Run): LimitResult[] =>
  (run.header.gate?.limits ?? []).map((limit) => checkLimit(limit, run))

function checkLimit(limit: GateLimit, run: Run): LimitResult {
  const threshold = parseThreshold(limit.expression)
  const id = primaryId(`${limit.metric} ${threshold.stat}`)
  const kinds = recordable(run.header, limit.scenario)
  const kind = kinds.get(id.metric)
  const isOfFailures = countsFailures(kind, threshold)
  const trials = trialsOfHead(run, limit.scenario).map((record) => (isOfFailures ? asCounted(record) : record))
  const usable = trials.filter((record) => reasonsAgainstId(record, id).length === 0)
  const measured = trials.flatMap((record) => {
    const value = numberOfTrial(record, id, kind === 'counter')
    return value === null ? [] : [{ value, n: record.observations.find((each) => isSame(each, id))?.n ?? 0 }]
  })
  const values = measured.map(({ value }) => value)
  const over = overTrials(threshold.stat, kind)
  const counts = { trials: values.length, excludedTrials: trials.length - values.length }
  const facts = { ...limit, number: nameOf(id), ...unitAndSideOf(usable, id), over, ...counts }
  if (values.length === 0) {
    const isQuiet = usable.every((record) => isQuietOn(record, id, kind))
    if (!isQuiet) assertObserved(usable, id, limit)
    return { ...facts, ...nothing, reason: whyNothing(trials, usable, id, isQuiet) }
  }
  const value = combine(measured, over, threshold)
  const outcome = evaluate(threshold, { [threshold.stat]: value }) ? 'held' : 'crossed'
  return { ...facts, value, lowest: Math.min(...values), highest: Math.max(...values), outcome, reason: '' }
}

/** A limit on a share, or on how often something may happen; how much must be done is no matter of wrong answers. */
const countsFailures = (kind: MetricKind | undefined, { operator }: Threshold): boolean =>
  kind === 'rate' || (kind === 'counter' && (operator.startsWith('<') || operator.startsWith('==')))

/** Such a limit is made for trials in which what the script says must hold did not: what was counted in them counts. */
const asCounted = (record: TrialRecord): TrialRecord => ({
  ...record,
  invalid: record.invalid.filter(({ code }) => code !== 'check-failed'),
})

const nothing = { value: null, lowest: null, highest: null, outcome: 'not measured' } as const

/** One of each pair: a trial that was run again replaces the earlier one. */
export function trialsOfHead({ records }: Run, scenario: string): TrialRecord[] {
  const ofHead = records.filter((record) => record.scenario === scenario && record.key.side === 'B')
  return [...new Map(ofHead.map((record) => [record.key.pair, record])).values()]
}

/** Statistics of one metric may differ in unit: a counter has a count, and a rate a second. */
function unitAndSideOf(
  records: readonly TrialRecord[],
  { metric, stat }: ObservationId,
): { unit: Unit; better: Better } {
  const same = records.flatMap(({ observations }) => observations).filter((each) => each.metric === metric)
  const observed = same.find((each) => sameStat(each.stat, stat)) ?? same[0]
  const { unit, better } = observed ?? describeMetric(metric)
  return { unit, better }
}

function whyNothing(
  trials: readonly TrialRecord[],
  usable: readonly TrialRecord[],
  id: ObservationId,
  isQuiet: boolean,
): string {
  if (trials.length === 0) return 'no trial of it was run'
  if (usable.length > 0 && isQuiet) return `nobody recorded any ${id.metric}`
  if (usable.length > 0) return `too few samples for ${id.stat}`
  const [first = ''] = trials.flatMap((record) => reasonsAgainstId(record, id))
  return `none of ${trials.length} trials may be used (${first})`
}

function assertObserved(usable: readonly TrialRecord[], id: ObservationId, { scenario, expression }: GateLimit): void {
  const isThere = (record: TrialRecord) => hasNumber(record, id) || tooFewSamples(record, id) !== null
  if (usable.length === 0 || usable.some(isThere)) return
  const observations = usable.flatMap((record) => record.observations)
  const ofMetric = observations.filter(({ metric }) => metric === id.metric).map(selectorOf)
  const there = ofMetric.length > 0 ? ofMetric : observations.map(({ metric }) => metric)
  throw new UserError(
    `scenario "${scenario}": limit "${expression}" is on ${nameOf(id)}, which no trial has. There is: ${[...new Set(there)].sort().join(', ')}`,
  )
}

const nameOf = ({ metric, stat, scope }: ObservationId): string => printSelector({ metric, stat, tags: { ...scope } })
