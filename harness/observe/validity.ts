import type { LoadResult, ScriptNotes } from '../engine/port.ts'
import { leastCoreBusy, whyNotBusy } from '../metrics/busy-target.ts'
import { decodeHistogram } from '../metrics/histogram.ts'
import { parseSelector } from '../metrics/selector.ts'
import type { Invalidity, Observation, Scope } from '../record/schema.ts'

/** The rules of measurement, "The generator watches itself". */
const latenessFloorMs = 2
const latenessShare = 0.1
const highestUtilization = 0.9
/** The event loop of a shorter load is busy with starting it. */
const leastWatchedMs = 1000

/** What a service said of its own punctuality over one phase. */
export interface ServiceLateness {
  service: string
  phase: string
  count: number
  p50Ms: number
  p97Ms: number
  p99Ms: number
  maxMs: number
}

/** Which numbers of a trial may not be used, and why. Empty: all may. */
export function judge(
  result: LoadResult,
  notes: ScriptNotes,
  primary: string,
  observations: Observation[],
  lateness: ServiceLateness[],
): Invalidity[] {
  const allowedMs = allowedLateness(result, primary, notes)
  return [
    ...generatorLate(result, notes, allowedMs),
    ...generatorSaturated(result, notes),
    ...servicesLate(result, notes, lateness, allowedMs),
    ...targetIdle(notes, observations),
    ...otherLimit(result, notes, observations, lateness, allowedMs),
    ...checksFailed(result),
    ...(result.faults ?? []),
  ]
}

/** A server that answers wrongly may be as fast as it likes: what the script says must hold voids all where it does not. */
function checksFailed({ conditions }: LoadResult): Invalidity[] {
  return conditions
    .filter(({ holds }) => !holds)
    .map(({ metric, expression, found }) => ({
      code: 'check-failed' as const,
      message: `the script's check "${metric}: ${expression}" failed: ${found === null ? 'nothing was measured' : `found ${Number(found.toPrecision(6))}`}`,
    }))
}

/**
 * Lateness below 2 ms or a tenth of what is being measured, if that is a time, does not move it. Where a scenario goes by
 * something else (by how many listeners there are), what its script measures first says it.
 */
function allowedLateness(
  result: LoadResult,
  primary: string,
  { primary: ofScript }: Pick<ScriptNotes, 'primary'>,
): (scope: Scope) => number {
  const asked = parseSelector(primary)
  const isTime = (name: string) => result.histograms.some((stored) => stored.metric === name && stored.unit === 'ms')
  const measured = [
    asked,
    ...(ofScript === null ? [] : [parseSelector(ofScript)]),
    // A closed loop at full speed has no intended start, and so only the time of service.
    ...['http_req_intended_duration', 'http_req_duration'].map((metric) => ({ metric, tags: asked.tags })),
  ].find(({ metric }) => isTime(metric))
  return ({ scenario }) => {
    const stored =
      result.histograms.find(
        (other) => other.metric === measured?.metric && other.scenario === (scenario ?? measured.tags.scenario),
      ) ?? result.histograms.find((other) => other.metric === measured?.metric && other.scenario === undefined)
    const measuredP99Ms = stored ? decodeHistogram(stored.data).getValueAtPercentile(99) / stored.scale : 0
    return Math.max(latenessFloorMs, latenessShare * measuredP99Ms)
  }
}

/**
 * Whose p99 is beyond the limit has moved tails, and means. A median moves by as many ranks in a hundred as times in a hundred
 * were longer for it, at the most: where three operations in a hundred were late, it stands (docs/decisions/09-medians-stand.md).
 * @returns null where all is well; `marks` of the invalidity, and what its message has to say
 */
function lateBy(
  { p97Ms, p99Ms }: Pick<ServiceLateness, 'p97Ms' | 'p99Ms'>,
  limitMs: number,
): { marks: Pick<Invalidity, 'abovePercentile'>; limits: string; rest: string } | null {
  if (p99Ms <= limitMs) return null
  const limits = `p99 ${p99Ms.toFixed(1)} ms, allowed ${limitMs.toFixed(1)} ms`
  const mediansStand = p97Ms <= limitMs
  if (!mediansStand) return { marks: {}, limits, rest: '' }
  return { marks: { abovePercentile: 50 }, limits, rest: `; medians of times stand, p97 being ${p97Ms.toFixed(1)} ms` }
}

/** A closed loop has no schedule to be late for: whether it may be used is told by who was busy. */
const isClosed = (phase: string, { capacity, fixedConcurrency = [] }: ScriptNotes): boolean =>
  capacity.includes(phase) || fixedConcurrency.includes(phase)

/** Phases are scenarios unless the script names its own windows; then a fault of one is a fault of the trial. */
const scopeOfPhase = (phase: string, notes: ScriptNotes): Scope =>
  notes.phases === null ? { scenario: phase, phase } : {}

function generatorLate(result: LoadResult, notes: ScriptNotes, allowedMs: (scope: Scope) => number): Invalidity[] {
  const scopes: Scope[] = result.histograms
    .filter(({ metric, scenario }) => metric === 'generator_lateness' && scenario !== undefined)
    .map(({ scenario }) => ({ scenario: scenario! }))
  return scopes
    .filter(({ scenario }) => !notes.capacity.includes(scenario!))
    .flatMap((scope) => {
      const stored = result.histograms.find(
        (other) => other.metric === 'generator_lateness' && other.scenario === scope.scenario,
      )!
      const histogram = decodeHistogram(stored.data)
      const percentileMs = (percentile: number) => histogram.getValueAtPercentile(percentile) / stored.scale
      const late = lateBy({ p97Ms: percentileMs(97), p99Ms: percentileMs(99) }, allowedMs(scope))
      if (late === null) return []
      const message = `the generator was late in "${scope.scenario}": ${late.limits} (the larger of 2 ms and a tenth of the measured p99)${late.rest}`
      return [{ ...scopeOfPhase(scope.scenario!, notes), code: 'generator-late' as const, message, ...late.marks }]
    })
}

function generatorSaturated(result: LoadResult, notes: ScriptNotes): Invalidity[] {
  return Object.entries(result.generator?.utilizationByPhase ?? {})
    .filter(([phase, utilization]) => utilization > highestUtilization && !isClosed(phase, notes))
    .map(([phase, utilization]) => ({
      ...scopeOfPhase(phase, notes),
      code: 'generator-saturated' as const,
      message: `the generator was busy: its event loop was used ${(100 * utilization).toFixed(0)}% of the time in "${phase}", allowed ${100 * highestUtilization}%`,
    }))
}

function servicesLate(
  result: LoadResult,
  notes: ScriptNotes,
  lateness: ServiceLateness[],
  allowedMs: (scope: Scope) => number,
): Invalidity[] {
  return lateness
    .filter(({ phase }) => !isClosed(phase, notes) && result.phases.some(({ name }) => name === phase))
    .flatMap(({ service, phase, count, ...percentiles }) => {
      const scope = scopeOfPhase(phase, notes)
      const late = count === 0 ? null : lateBy(percentiles, allowedMs(scope))
      if (late === null) return []
      const message = `service "${service}" was late in "${phase}": ${late.limits}${late.rest}`
      return [{ ...scope, code: 'service-late' as const, message, ...late.marks }]
    })
}

/** A closed loop measures the slowest part of all: only where that was the target is it the target's capacity. */
function targetIdle(notes: ScriptNotes, observations: Observation[]): Invalidity[] {
  return notes.capacity.flatMap((phase) => {
    const seen = whyNotBusy(phase, observations)
    if (seen === null) return []
    return [
      {
        scenario: phase,
        phase,
        code: 'target-not-saturated' as const,
        message: `capacity in "${phase}" says nothing of the target: its core ${seen}, and below ${100 * leastCoreBusy}% something else was the limit`,
      },
    ]
  })
}

/**
 * So many connections may well leave the target idle: it is asked as often as it answers. Where it was not busy, but the
 * generator or a service behind the target was, they were what answered slowly.
 */
function otherLimit(
  result: LoadResult,
  notes: ScriptNotes,
  observations: Observation[],
  lateness: ServiceLateness[],
  allowedMs: (scope: Scope) => number,
): Invalidity[] {
  return (notes.fixedConcurrency ?? []).flatMap((phase): Invalidity[] => {
    const seen = whyNotBusy(phase, observations)
    if (seen === null) return []
    const scope = { scenario: phase, phase }
    const utilization = result.generator?.utilizationByPhase[phase] ?? 0
    if (utilization > highestUtilization) {
      const message = `the generator was the limit in "${phase}": its event loop was used ${(100 * utilization).toFixed(0)}% of the time, while the target’s core ${seen}`
      return [{ ...scope, code: 'generator-saturated', message }]
    }
    const limitMs = allowedMs(scope)
    const late = lateness.find((each) => each.phase === phase && each.count > 0 && each.p99Ms > limitMs)
    if (!late) return []
    const message = `service "${late.service}" was the limit in "${phase}": late by p99 ${late.p99Ms.toFixed(1)} ms (allowed ${limitMs.toFixed(1)} ms), while the target’s core ${seen}`
    return [{ ...scope, code: 'service-late', message }]
  })
}

/** What `weir load` warns of: it knows no target and voids nothing. */
export function generatorWarnings(result: LoadResult): string[] {
  const isClosedLoop = !result.histograms.some(({ metric }) => metric === 'generator_lateness')
  const notes = {
    primary: null,
    operation: 'iterations',
    capacity: [],
    sessionsHeldIn: null,
    phases: null,
    voidUnless: [],
  }
  const late = generatorLate(result, notes, allowedLateness(result, 'http_req_intended_duration p(99)', notes))
  const isLong = result.endMs - result.startMs > leastWatchedMs
  const busy = isLong ? generatorSaturated(result, notes) : []
  return [
    ...checksFailed(result).map(({ message }) => message),
    ...[...late, ...busy].map(({ message }) => `${message}; the latencies contain the generator's own delay`),
    ...(isClosedLoop
      ? [
          'closed loop without sleep: the intended start is when the request is sent, so a slow server is asked less often (use an arrival-rate executor to hold the rate)',
        ]
      : []),
  ]
}
