import { unknownName } from '../../../errors.ts'
import type { MetricRegistry } from '../../../metrics/registry.ts'
import { parseSelector } from '../../../metrics/selector.ts'
import { type DeclaredMetric, metricTable } from '../../../metrics/table.ts'
import type { Phase } from '../../../record/schema.ts'
import type { ScriptNotes } from '../../port.ts'
import type { ExecutorConfig } from '../executors/port.ts'
import type { TestOptions } from '../options.ts'
import type { TestPlan } from './part.ts'
import { whyNotInSlices } from './slices.ts'

/** What a test is going to do, told before any of it happens. @param exported names that the script exports */
export function planOf(options: TestOptions, exported: readonly string[], warnings: string[]): TestPlan {
  const { notes, scenarios, summaryTrendStats, summaryTimeUnit, thresholds, thresholdTargets } = options
  return {
    scenarios: scenarios.map(({ name, durationMs }) => ({ name, durationMs })),
    thresholds,
    thresholdTargets,
    handlesSummary: exported.includes('handleSummary'),
    notes,
    phases: phasesOf(options),
    maxVUs: Math.max(
      1,
      mostAtOnce(scenarios, (config) => config.maxVUs),
    ),
    durationS: Math.max(...scenarios.map((config) => config.startTimeMs + config.durationMs)) / 1000,
    descriptions: scenarios.map((config) => `${config.name}: ${config.description}`),
    summaryTrendStats,
    summaryTimeUnit,
    notInSlices: whyNotInSlices(options),
    warnings,
  }
}

/** Named windows of the load: the script's own (`ext.weir.phases`), else one for each scenario. */
export function phasesOf({ notes, scenarios }: TestOptions): Phase[] {
  const ofScenarios = scenarios.map(({ name, startTimeMs, durationMs }) => ({
    name,
    startS: startTimeMs / 1000,
    endS: (startTimeMs + durationMs) / 1000,
  }))
  if (!notes.phases) return ofScenarios
  // Whether a capacity may be used is judged over its own time, whatever other windows the script names.
  const named = notes.phases
  const isMissing = (phase: Phase) =>
    notes.capacity.includes(phase.name) && !named.some(({ name }) => name === phase.name)
  return [...named, ...ofScenarios.filter(isMissing)]
}

/**
 * The primary may also be what the harness measures: `target_boot value`.
 * @throws UserError where `ext.weir` names a metric that nobody has
 */
export function checkNotes({ operation, primary, better = {} }: ScriptNotes, registry: MetricRegistry): void {
  const known = registry.all()
  const own = known.map(({ name }) => name).filter(isOwn)
  const stranger = Object.keys(better).find((name) => !own.includes(name))
  if (stranger !== undefined) throw unknownName("options.ext.weir.better: metric of the script's own", stranger, own)
  const counters = known.filter(({ kind }) => kind === 'counter').map(({ name }) => name)
  if (!counters.includes(operation)) throw unknownName('options.ext.weir.operation: counter', operation, counters)
  if (primary === null) return
  const { metric } = parseSelector(primary)
  const names = [...known, ...metricTable].map(({ name }) => name)
  if (!names.includes(metric)) throw unknownName('options.ext.weir.primary: metric', metric, names)
}

/** What a script declares, beside what there is for all of them. */
export const declaredIn = (registry: MetricRegistry, { better = {} }: Pick<ScriptNotes, 'better'>): DeclaredMetric[] =>
  registry
    .all()
    .filter(({ name }) => isOwn(name))
    .map(({ name, kind, isTime }) => ({ name, kind, isTime, ...(better[name] ? { better: better[name] } : {}) }))

/** Whether it is the script's, and none that there always is. */
const isOwn = (name: string): boolean => !metricTable.some((row) => row.name === name)

/** The largest sum over scenarios that can be alive at the same time (graceful stop included). */
export function mostAtOnce(scenarios: ExecutorConfig[], countOf: (config: ExecutorConfig) => number): number {
  const sumAt = (timeMs: number): number =>
    scenarios
      .filter(
        (config) =>
          config.startTimeMs <= timeMs && timeMs < config.startTimeMs + config.durationMs + config.gracefulStopMs,
      )
      .reduce((sum, config) => sum + countOf(config), 0)
  return Math.max(...scenarios.map((config) => sumAt(config.startTimeMs)))
}
