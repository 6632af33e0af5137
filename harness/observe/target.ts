import type { SecondValue } from '../engine/port.ts'
import type { MetricSource, Unit } from '../metrics/table.ts'
import { describeMetric } from '../metrics/table.ts'
import type { Observation, Phase, Series } from '../record/schema.ts'
import type { OutsideSample, ProbeSample, TargetObservation } from '../target/port.ts'
import { hasEnoughFor, observedPercentiles } from './percentiles.ts'

/** A phase with what the load did in it. */
export interface PhaseLoad extends Phase {
  /** Operations completed within the phase: what costs are divided by. */
  operations: number
}

export interface TargetContext {
  bootMs: number | null
  /** CPUs that the target had to itself; 1 where it was not pinned. */
  cores: number
  /** CLOCK_MONOTONIC, ms. */
  loadStartMs: number
  phases: PhaseLoad[]
  /** The phase during which every user holds a session, and how many do. */
  sessions: { phase: string; count: number } | null
}

const MB = 1e6

/** The numbers of a record that were read off the target, phase by phase. */
export function observeTarget(target: TargetObservation, context: TargetContext): Observation[] {
  const boot = context.bootMs === null ? [] : [observation('target_boot', 'value', context.bootMs)]
  return [
    ...boot,
    ...context.phases.flatMap((phase) => observePhase(target, phase, context)),
    ...memoryPerSession(target, context),
  ]
}

export function observation(metric: string, stat: string, value: number, phase?: string, n?: number): Observation {
  const { unit, better, source } = describeMetric(metric)
  return {
    metric,
    ...(phase === undefined ? {} : { phase }),
    stat,
    value,
    unit,
    better,
    source,
    ...(n === undefined ? {} : { n }),
  }
}

function observePhase(
  target: TargetObservation,
  phase: PhaseLoad,
  { loadStartMs, cores }: TargetContext,
): Observation[] {
  const startMs = loadStartMs + phase.startS * 1000
  const endMs = loadStartMs + phase.endS * 1000
  return [
    ...fromOutside(target.outside, phase, cores, startMs, endMs),
    ...fromInside(target.inside, phase, startMs, endMs),
    ...instructionsIn(target, phase),
  ]
}

function fromOutside(
  samples: OutsideSample[],
  phase: PhaseLoad,
  cores: number,
  startMs: number,
  endMs: number,
): Observation[] {
  const within = looksAt(samples, startMs, endMs)
  const cpuMs = growth(samples, 'cpuMs', startMs, endMs)
  const waitMs = growth(samples, 'waitMs', startMs, endMs)
  const stolenMs = growth(samples, 'stolenMs', startMs, endMs)
  const switches = growth(samples, 'involuntarySwitches', startMs, endMs)
  if (within.length === 0 || cpuMs === null || waitMs === null || stolenMs === null || switches === null) return []
  const name = phase.name
  const rss = within.map(({ rssBytes }) => rssBytes / MB)
  return [
    ...(phase.operations > 0
      ? [observation('target_cpu_per_op', 'value', cpuMs / phase.operations, name, phase.operations)]
      : []),
    observation('target_core_busy', 'value', cpuMs / (endMs - startMs) / cores, name),
    observation('target_cpu_wait', 'value', waitMs / (endMs - startMs), name),
    observation('target_cpu_stolen', 'value', stolenMs / (endMs - startMs), name),
    observation('target_rss_peak', 'value', Math.max(...rss), name),
    observation('target_rss_mean', 'value', mean(rss), name),
    observation('target_threads', 'value', Math.max(...within.map(({ threads }) => threads)), name),
    observation('target_descriptors', 'value', Math.max(...within.map(({ descriptors }) => descriptors)), name),
    observation('target_context_switches', 'value', switches, name),
  ]
}

function fromInside(samples: ProbeSample[], phase: Phase, startMs: number, endMs: number): Observation[] {
  const within = secondsOf(samples, startMs, endMs)
  if (within.length === 0) return []
  const name = phase.name
  const pauses = within.flatMap(({ gc }) => gc)
  return [
    ...delaysIn(
      within.map(({ eventLoopDelay }) => eventLoopDelay),
      name,
    ),
    observation(
      'target_event_loop_utilization',
      'value',
      mean(within.map((sample) => sample.eventLoopUtilization)),
      name,
    ),
    observation(
      'target_gc_pause_total',
      'value',
      pauses.reduce((sum, { totalMs }) => sum + totalMs, 0),
      name,
    ),
    observation('target_gc_pause_max', 'value', Math.max(0, ...pauses.map(({ maxMs }) => maxMs)), name),
    observation(
      'target_heap_used_peak',
      'value',
      Math.max(...within.map(({ heapUsedBytes }) => heapUsedBytes)) / MB,
      name,
    ),
  ]
}

/** The looks within a phase, and the one that was meant for its end and came a moment after it. */
function looksAt(samples: OutsideSample[], startMs: number, endMs: number): OutsideSample[] {
  const first = samples.findIndex(({ atMs }) => atMs >= startMs)
  const atEnd = samples.findIndex(({ atMs }) => atMs >= endMs)
  return first < 0 ? [] : samples.slice(first, atEnd < 0 ? undefined : atEnd + 1)
}

/**
 * A sample stands for the second before it: it counts where most of it lies. A phase so short that no sample is mostly its own
 * has the one that it has most of.
 */
function secondsOf(samples: ProbeSample[], startMs: number, endMs: number): ProbeSample[] {
  const middle = ({ atMs, intervalMs }: ProbeSample): number => atMs - intervalMs / 2
  const within = samples.filter((sample) => middle(sample) >= startMs && middle(sample) < endMs)
  if (within.length > 0) return within
  const shared = ({ atMs, intervalMs }: ProbeSample): number =>
    Math.min(atMs, endMs) - Math.max(atMs - intervalMs, startMs)
  const [most] = samples.filter((sample) => shared(sample) > 0).sort((a, b) => shared(b) - shared(a))
  return most ? [most] : []
}

/** p(99) is there of few samples, too: the number of them tells who compares it. */
function delaysIn(delays: ProbeSample['eventLoopDelay'][], phase: string): Observation[] {
  const counts = delays.flatMap((delay) => delay.counts).sort(([a], [b]) => a - b)
  const n = delays.reduce((sum, { count }) => sum + count, 0)
  const percents = observedPercentiles.filter((percent) => percent <= 99 || hasEnoughFor(percent, n))
  const stats: [stat: string, delayMs: number][] = [
    ['avg', n === 0 ? 0 : delays.reduce((sum, { meanMs, count }) => sum + meanMs * count, 0) / n],
    ['min', n === 0 ? 0 : Math.min(...delays.filter(({ count }) => count > 0).map(({ minMs }) => minMs))],
    ...percents.map((percent): [string, number] => [`p(${percent})`, percentileOf(counts, percent)]),
    ['max', Math.max(...delays.map(({ maxMs }) => maxMs))],
  ]
  return stats.map(([stat, delayMs]) => observation('target_event_loop_delay', stat, delayMs, phase, n))
}

function instructionsIn({ instructions }: TargetObservation, { name, operations }: PhaseLoad): Observation[] {
  if ('unavailable' in instructions) return []
  const count = instructions.byPhase[name]
  return count === undefined || operations === 0
    ? []
    : [observation('target_instructions_per_op', 'value', count / operations, name, operations)]
}

/** (RSS with all sessions - RSS before the first) / sessions. */
function memoryPerSession(
  { outside }: TargetObservation,
  { sessions, phases, loadStartMs }: TargetContext,
): Observation[] {
  const phase = phases.find(({ name }) => name === sessions?.phase)
  if (!sessions || !phase || sessions.count === 0) return []
  const before = valueAt(outside, 'rssBytes', loadStartMs)
  const during = valueAt(outside, 'rssBytes', loadStartMs + phase.endS * 1000)
  if (before === null || during === null) return []
  return [
    observation(
      'target_rss_per_session',
      'value',
      (during - before) / 1e3 / sessions.count,
      phase.name,
      sessions.count,
    ),
  ]
}

/** Value of a running quantity at a moment, between the two looks around it; null outside of what was watched. */
export function valueAt(
  samples: readonly OutsideSample[],
  field: Exclude<keyof OutsideSample, 'atMs'>,
  timeMs: number,
): number | null {
  const after = samples.findIndex(({ atMs }) => atMs >= timeMs)
  if (after < 0) {
    const last = samples.at(-1)
    // The last look may come just before the bound that it was meant for.
    return last && timeMs - last.atMs < 1000 ? last[field] : null
  }
  const next = samples[after]!
  const previous = samples[after - 1]
  if (!previous) return next.atMs - timeMs < 1000 ? next[field] : null
  const share = (timeMs - previous.atMs) / (next.atMs - previous.atMs)
  return previous[field] + share * (next[field] - previous[field])
}

function growth(
  samples: OutsideSample[],
  field: 'cpuMs' | 'waitMs' | 'stolenMs' | 'involuntarySwitches',
  startMs: number,
  endMs: number,
): number | null {
  const [start, end] = [valueAt(samples, field, startMs), valueAt(samples, field, endMs)]
  return start === null || end === null ? null : end - start
}

/** The target over time, on the axis of the load's series. */
export function seriesOfTarget(
  { inside, outside }: Pick<TargetObservation, 'inside' | 'outside'>,
  loadStartMs: number,
): Series[] {
  const seconds = (atMs: number): number => Math.round(atMs - loadStartMs) / 1000
  const make = (
    metric: string,
    stat: string,
    unit: Unit,
    source: MetricSource,
    points: [number, number][],
  ): Series => ({
    metric,
    stat,
    unit,
    source,
    t: points.map(([t]) => t),
    v: points.map(([, v]) => v),
  })
  const probe = (metric: string, stat: string, unit: Unit, value: (sample: ProbeSample) => number): Series =>
    make(
      metric,
      stat,
      unit,
      'target',
      inside.map((sample) => [seconds(sample.atMs - sample.intervalMs / 2), value(sample)]),
    )
  const all = [
    make(
      'target_rss',
      'value',
      'MB',
      'outside',
      outside.map((sample) => [seconds(sample.atMs), sample.rssBytes / MB]),
    ),
    make('target_cpu', 'value', 'share', 'outside', cpuShare(outside, seconds)),
    probe('target_heap_used', 'value', 'MB', (sample) => sample.heapUsedBytes / MB),
    probe('target_event_loop_delay', 'p(99)', 'ms', (sample) => sample.eventLoopDelay.p99Ms),
    probe('target_event_loop_delay', 'max', 'ms', (sample) => sample.eventLoopDelay.maxMs),
    probe('target_event_loop_utilization', 'value', 'share', (sample) => sample.eventLoopUtilization),
    probe('target_gc_pause', 'value', 'ms', (sample) => sample.gc.reduce((sum, { totalMs }) => sum + totalMs, 0)),
  ]
  return all.filter(({ t }) => t.length > 0)
}

/** What the newest looks say, for whoever watches while the load runs: one value of each series. */
export function newestOfTarget(inside: readonly ProbeSample[], outside: readonly OutsideSample[]): SecondValue[] {
  // A share of CPU lies between two looks.
  const newest = { inside: inside.slice(-1), outside: outside.slice(-2) }
  return seriesOfTarget(newest, 0).map(({ metric, stat, unit, v }) => ({ metric, stat, unit, value: v.at(-1) ?? null }))
}

function cpuShare(samples: OutsideSample[], seconds: (atMs: number) => number): [number, number][] {
  return samples.slice(1).flatMap((sample, index): [number, number][] => {
    const previous = samples[index]!
    const elapsedMs = sample.atMs - previous.atMs
    return elapsedMs < 50
      ? []
      : [[seconds((sample.atMs + previous.atMs) / 2), (sample.cpuMs - previous.cpuMs) / elapsedMs]]
  })
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * A percentile over the merged seconds of a phase, rounded up to the next value that a second told.
 * @param counts the shortest delays first
 */
function percentileOf(counts: ProbeSample['eventLoopDelay']['counts'], percent: number): number {
  const rank = (percent / 100) * counts.reduce((sum, [, samples]) => sum + samples, 0)
  let seen = 0
  for (const [delayMs, samples] of counts) {
    seen += samples
    if (seen >= rank) return delayMs
  }
  return 0
}
