import { printSelector } from '../metrics/selector.ts'
import type { NumberValues, Run, RunHeader, RunValues, TrialRecord } from '../record/schema.ts'
import { headlineRows } from './headlines.ts'
import { isSame, type ObservationId } from './observation-id.ts'
import { type ObservedId, observedIds } from './observed.ts'
import { primaryId, usableValue } from './pairs.ts'

/**
 * What is worth keeping of a run: of every variant under every scenario the values of its primary metric, of those that a
 * comparison judges, and of the headline metrics. Trials that may not be used leave no value.
 *
 * @param withSelfChecks those headlines too that the generator tells of itself
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export function valuesOf(run: Run, { withSelfChecks = false } = {}): RunValues {
  const { id, campaign, startedAt, quick, comparison, environment, scenarios, variants } = run.header
  const { fingerprint, cpu, cores, memoryMB, kernel, node, weir, git } = environment
  const digests = scenarios.flatMap(({ name, loadDigest }) => (loadDigest === undefined ? [] : [[name, loadDigest]]))
  const checkouts = variants.flatMap(({ name, git }) => (git === undefined ? [] : [[name, git]]))
  return {
    run: id,
    campaign,
    startedAt,
    load: comparison ? 'pairs' : quick ? 'quick' : 'campaign',
    mode: comparison?.mode ?? 'trials',
    ...(digests.length > 0 ? { loadDigests: Object.fromEntries(digests) } : {}),
    eventLoopSampling: run.records.find((record) => record.eventLoopSampling)?.eventLoopSampling ?? null,
    machine: { fingerprint, cpu, cores, memoryMB, kernel, node },
    weir,
    git,
    ...(checkouts.length > 0 ? { checkouts: Object.fromEntries(checkouts) } : {}),
    numbers: scenarios.flatMap((scenario) => numbersOf(run, scenario, withSelfChecks)),
  }
}

/**
 * What a number's values must have in common to stand beside each other, as text: the number, its load down
 * to script, options and environment, and of delays of the event loop how they were sampled. The machine is not part of it.
 */
export function likenessOf(
  { load, mode, loadDigests, eventLoopSampling }: Omit<RunValues, 'numbers'>,
  { scenario, variant, metric }: Pick<NumberValues, 'scenario' | 'variant' | 'metric'>,
): string {
  const sampling = metric.startsWith('target_event_loop_delay') ? eventLoopSampling : null
  return JSON.stringify([load, mode, loadDigests?.[scenario] ?? null, scenario, variant, metric, sampling])
}

/**
 * Where an older weir measured, trials in which nobody counted anything of what there should be little of are left out; since
 * then they are 0. So that both mean the same, they are filled in: those of which other numbers are kept.
 */
export const withZeros = (run: RunValues): RunValues => ({
  ...run,
  numbers: run.numbers.map((number) => (isOfLittle(number) ? { ...number, values: filled(run, number) } : number)),
})

const isOfLittle = ({ metric, unit, better }: NumberValues): boolean =>
  better === 'lower' &&
  ((unit === 'count' && metric.endsWith(' count')) || (unit === 'per second' && metric.endsWith(' rate')))

function filled({ numbers }: RunValues, { scenario, variant, values }: NumberValues): NumberValues['values'] {
  const ofCell = numbers.filter((each) => each.scenario === scenario && each.variant === variant)
  const pairs = [...new Set(ofCell.flatMap((each) => each.values.map(({ pair }) => pair)))].sort((a, b) => a - b)
  return pairs.map((pair) => values.find((each) => each.pair === pair) ?? { pair, value: 0 })
}

/** The commit of a variant's code: that of its own checkout, where it ran in one. */
export const gitOf = (
  { git, checkouts = {} }: Pick<RunValues, 'git' | 'checkouts'>,
  variant: string,
): RunValues['git'] => (Object.hasOwn(checkouts, variant) ? checkouts[variant]! : git)

/** What a run's numbers were measured under. */
export const loadInWords = ({ load, mode }: Pick<RunValues, 'load' | 'mode'>): string => {
  const loads = { campaign: 'a campaign', quick: 'a --quick campaign', pairs: 'a comparison pair by pair' }
  return mode === 'slices' ? `${loads[load]} in slices` : loads[load]
}

/** An observation that is kept, and whether its scenario is judged by it. */
interface KeptId extends ObservedId {
  isJudged: boolean
}

function numbersOf(run: Run, scenario: RunHeader['scenarios'][number], withSelfChecks: boolean): NumberValues[] {
  const records = latestTrials(run.records.filter((record) => record.scenario === scenario.name))
  const variants = [...new Set(records.map(({ variant }) => variant))]
  return keptIds(run, scenario, records, withSelfChecks).flatMap((id) =>
    variants.flatMap((variant) => {
      const values = valuesOfTrials(
        records.filter((record) => record.variant === variant),
        id,
      )
      return values.length === 0 ? [] : [{ scenario: scenario.name, variant, ...describe(id), values }]
    }),
  )
}

function keptIds(
  run: Run,
  { name, primary }: RunHeader['scenarios'][number],
  records: readonly TrialRecord[],
  withSelfChecks: boolean,
): KeptId[] {
  const main = primaryId(primary)
  const gateMetrics = run.header.comparison?.metrics.filter(({ scenario }) => scenario === name) ?? []
  const judged = [main, ...gateMetrics.map(({ metric }) => primaryId(metric))]
  const all = observedIds(run, name, main).map((id) => ({
    ...id,
    isJudged: judged.some((each) => isSame(id.example, each)),
  }))
  // A p99 of too few samples stands for nothing: the next percentile does.
  const usable = all.filter((id) => records.some((record) => usableValue(record, id) !== null))
  const headlines = headlineRows(usable.map(asHeadline), main)
    .filter(({ isSelfCheck }) => withSelfChecks || !isSelfCheck)
    .flatMap(({ comparisons }) => comparisons)
  return all.filter((id) => id.isJudged || headlines.some(({ of }) => of === id))
}

const asHeadline = (id: KeptId) => ({
  metric: id.metric,
  stat: id.stat,
  scope: id.scope,
  unit: id.example.unit,
  better: id.example.better,
  primary: id.isJudged,
  of: id,
})

const describe = ({ metric, stat, scope, example, isJudged }: KeptId) => ({
  metric: printSelector({ metric, stat, tags: { ...scope } }),
  unit: example.unit,
  better: example.better,
  primary: isJudged,
})

const valuesOfTrials = (records: readonly TrialRecord[], id: ObservationId): NumberValues['values'] =>
  records.flatMap((record) => {
    const value = usableValue(record, id)
    return value === null ? [] : [{ pair: record.key.pair, value }]
  })

/** A trial that was run again replaces the earlier one. */
function latestTrials(records: readonly TrialRecord[]): TrialRecord[] {
  const byPlace = new Map(records.map((record) => [JSON.stringify([record.variant, record.key.pair]), record]))
  return [...byPlace.values()].sort((a, b) => a.key.pair - b.key.pair)
}
