import { printSelector } from '../metrics/selector.ts'
import type { Better, Unit } from '../metrics/table.ts'
import type { Run, RunHeader, Scope } from '../record/schema.ts'
import { variantsUnder } from './cells.ts'
import { logRatios, mean, meanWithInterval, toRatioMinusOne } from './estimate.ts'
import { whoFailsMore } from './failures.ts'
import { isSame, type ObservationId } from './observation-id.ts'
import { pairsOf, primaryId, usableValue } from './pairs.ts'

/** What undoing something does to a number: ratio to the baseline minus one, t interval at 95% over blocks. */
export interface Worth {
  estimate: number
  /** Null from one block. */
  lower: number | null
  upper: number | null
  pairs: number
}

/** One number of one scenario: what each optimisation is worth for it, and all of them together. */
export interface AblationOf {
  scenario: string
  /** `turn_intended_duration{scenario:paced} p(50)` */
  metric: string
  role: 'primary' | 'capacity' | 'CPU per operation'
  unit: Unit
  better: Better
  /** Each variant that undoes one thing; the one that does most harm first. Without a usable pair: last, and null. */
  singles: { variant: string; worth: Worth | null }[]
  /** The variant that undoes all of them; null where there is none, or no usable pair of it. */
  together: { variant: string; worth: Worth | null } | null
  /**
   * The singles after one another, exp(sum of ln(single / baseline)) - 1 block by block: the product of their ratios.
   * Null where it would be one single, and nothing stands beside it.
   */
  sum: Worth | null
  /** The singles that the sum is made of ... */
  summed: string[]
  /** ... and those that belong into it and have no usable pair. */
  notSummed: string[]
  /** The singles that do not belong into it: what is undone together is made of others. */
  apart: string[]
  /** What is undone together with them and did not run under this scenario, so that nobody knows its part. */
  notRun: string[]
  /** Who failed more often than the other, in words: its figures prove nothing. */
  failing: string[]
}

/**
 * What each optimisation is worth: every variant against the baseline, by the primary metric of each scenario, by its
 * capacity and its CPU per operation, where they were observed. None where the campaign is no ablation.
 */
export function ablationOf(run: Run): AblationOf[] {
  const { ablation, scenarios } = run.header
  if (!ablation) return []
  return scenarios.flatMap((scenario) =>
    numbersOf(run, scenario).flatMap(({ role, id }) => ablationOfNumber(run, scenario.name, role, id)),
  )
}

interface AblatedNumber {
  role: AblationOf['role']
  id: ObservationId
}

function numbersOf(run: Run, { name, primary, capacity = [] }: RunHeader['scenarios'][number]): AblatedNumber[] {
  const main = primaryId(primary)
  const phase = main.scope.phase ?? main.scope.scenario ?? lastPhaseOf(run, name)
  const value = (metric: string, scope: Scope): ObservationId => ({ metric, stat: 'value', scope })
  const numbers: AblatedNumber[] = [
    { role: 'primary', id: main },
    ...capacity.map((each) => ({ role: 'capacity' as const, id: value('throughput', { phase: each }) })),
    ...(phase === undefined ? [] : [{ role: 'CPU per operation' as const, id: value('target_cpu_per_op', { phase }) }]),
  ]
  // A scenario whose primary metric is its capacity tells of it once.
  return numbers.filter(({ id }, at) => numbers.findIndex((other) => isSameId(other.id, id)) === at)
}

const isSameId = (a: ObservationId, b: ObservationId): boolean => selectorOf(a) === selectorOf(b)

const selectorOf = ({ metric, stat, scope }: ObservationId): string =>
  printSelector({ metric, stat, tags: { ...scope } })

const lastPhaseOf = ({ records }: Run, scenario: string): string | undefined =>
  records.find((record) => record.scenario === scenario)?.phases.at(-1)?.name

/** By block: ln(variant / baseline), or null where the pair cannot be used. */
type Logs = Map<number, number>

function ablationOfNumber(run: Run, scenario: string, role: AblationOf['role'], id: ObservationId): AblationOf[] {
  const { header, records } = run
  const example = records
    .filter((record) => record.scenario === scenario)
    .flatMap(({ observations }) => observations)
    .find((each) => isSame(each, id))
  if (!example) return []
  const together = header.ablation?.together ?? null
  const others = variantsUnder(header, scenario).filter(({ name }) => name !== header.baseline)
  const logs = new Map(others.map(({ name }) => [name, logsOf(run, scenario, name, id)]))
  const singles = [...logs].filter(([name]) => name !== together)
  const parts = singles.filter(([name]) => header.ablation?.of?.includes(name) ?? true)
  const summed = parts.filter(([, each]) => each.size > 0)
  const ofTogether = together === null ? undefined : logs.get(together)
  const undone =
    header.ablation?.of ?? header.variants.map(({ name }) => name).filter((name) => name !== header.baseline)
  return [
    {
      scenario,
      metric: selectorOf(id),
      role,
      unit: example.unit,
      better: example.better,
      singles: singles.map(([variant, each]) => ({ variant, worth: worthOf(each) })).sort(byHarm(example.better)),
      together: together === null || !ofTogether ? null : { variant: together, worth: worthOf(ofTogether) },
      sum: parts.length < 2 && !ofTogether ? null : sumOf(summed.map(([, each]) => each)),
      summed: summed.map(([variant]) => variant),
      notSummed: parts.filter(([, each]) => each.size === 0).map(([variant]) => variant),
      apart: singles.filter((each) => !parts.includes(each)).map(([variant]) => variant),
      notRun: ofTogether ? undone.filter((name) => !logs.has(name)) : [],
      failing: [...new Set([...logs.keys()].flatMap((variant) => failingOf(run, scenario, variant, id)))],
    },
  ]
}

function logsOf(run: Run, scenario: string, variant: string, id: ObservationId): Logs {
  const logs: Logs = new Map()
  for (const pair of pairsOf(run, scenario, variant)) {
    const [a, b] = [usableValue(pair.baseline, id), usableValue(pair.variant, id)]
    const log = a === null || b === null ? null : logRatios([a], [b])
    if (log) logs.set(pair.pair, log[0]!)
  }
  return logs
}

/** Who fails fast is not fast: what it fails for is not told by what its other requests took. */
function failingOf(run: Run, scenario: string, variant: string, { scope }: ObservationId): string[] {
  const whole = pairsOf(run, scenario, variant).flatMap((pair) =>
    pair.baseline && pair.variant ? [{ baseline: pair.baseline, variant: pair.variant }] : [],
  )
  const who = whoFailsMore(
    whole.map(({ baseline }) => baseline),
    whole.map((pair) => pair.variant),
    scope,
  )
  return who === null ? [] : [who]
}

/** What a reader must know of the rows of the sum and of all at once, and of who failed: one sentence each, without a full stop. */
export function notesOn({ sum, together, apart, notSummed, notRun, failing }: AblationOf): string[] {
  const beside = together?.variant ?? ''
  return [
    ...(sum && apart.length > 0 ? [`not part of the sum: ${apart.join(', ')}`] : []),
    ...(notSummed.length > 0 ? [`without a usable pair, and so missing in the sum: ${notSummed.join(', ')}`] : []),
    ...(sum && notRun.length > 0
      ? [
          `${notRun.length} more of what ${beside} undoes did not run under this load: their part is in ${beside} and not in the sum`,
        ]
      : []),
    ...failing.map((words) => `failures: ${words}, so its figures prove nothing`),
  ]
}

function worthOf(logs: Logs): Worth | null {
  if (logs.size === 0) return null
  return { ...toRatioMinusOne(meanWithInterval([...logs.values()])), pairs: logs.size }
}

/**
 * One sum a block, of the blocks in which every part can be used, so that the baseline that all parts of a block share
 * is counted as often in the spread as it is in the sum. Where there is no such block, the sum of the parts' means.
 */
function sumOf(parts: readonly Logs[]): Worth | null {
  const [first] = parts
  if (!first) return null
  const whole = [...first.keys()].filter((block) => parts.every((part) => part.has(block)))
  const total = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0)
  if (whole.length > 0) {
    return worthOf(new Map(whole.map((block) => [block, total(parts.map((part) => part.get(block)!))])))
  }
  const estimate = Math.expm1(total(parts.map((part) => mean([...part.values()]))))
  return { estimate, lower: null, upper: null, pairs: 0 }
}

/** The largest harm first: a longer time, a smaller capacity. Of what has no better side, the largest change. */
const byHarm = (better: Better) => {
  const harmOf = (worth: Worth | null): number => {
    if (worth === null) return -Infinity
    const log = Math.log1p(worth.estimate)
    return better === 'lower' ? log : better === 'higher' ? -log : Math.abs(log)
  }
  return (a: { worth: Worth | null }, b: { worth: Worth | null }): number => harmOf(b.worth) - harmOf(a.worth)
}
