import { UserError } from '../errors.ts'
import { parseSelector } from '../metrics/selector.ts'
import type { MachineOfValues, NumberValues, RunValues } from '../record/schema.ts'
import { type Estimate, mean, toRatioMinusOne } from './estimate.ts'
import { failureMargin, failureShare } from './failures.ts'
import { likenessOf, loadInWords, withZeros } from './run-values.ts'
import { shiftBetween } from './two-samples.ts'
import { decideVerdict } from './verdict.ts'

/** Never "regressed": what lies between two runs may be the code, and anything else that changed meanwhile. */
export type BaselineWord = 'differs' | 'alike' | 'cannot tell' | 'refused'

/** One number of one variant, in an earlier run and in a later one. */
export interface BaselineDifference extends Pick<NumberValues, 'scenario' | 'variant' | 'metric' | 'unit' | 'better'> {
  primary: boolean
  before: number[]
  now: number[]
  /** Ratio minus one, now to before; null where there is none, since a value is zero or negative. */
  ratio: Estimate | null
  /** Now less before, in the metric's unit. */
  difference: Estimate
  /** Null for numbers that nothing is judged by. */
  word: BaselineWord | null
}

export interface BaselineComparison {
  /** In the order of the later run. */
  differences: BaselineDifference[]
  /** What just one of the two runs has, as `turns, optimized`; of what both have, its numbers: `turns, optimized: dropped_iterations count`. */
  onlyBefore: string[]
  onlyNow: string[]
  /** Scenarios of both whose numbers are left out, since their loads are others, in words. */
  otherLoads: string[]
  /** Why no difference is judged: what is different about the machine; empty where it is the same. */
  otherMachine: string[]
  /** The two sampled delays of the event loop in different ways, so these are not held against each other. */
  isSamplingOther: boolean
  /** Variants that fail more often than they did, in words: their times prove nothing. */
  doubts: string[]
}

/**
 * Holds a run against an earlier one, number by number, unpaired: see `shiftBetween`. Of numbers that nothing is judged by
 * there is no word. Where the machine is another, all words are refused.
 *
 * @throws UserError where the two were measured under different loads, or have nothing in common
 */
export function compareWithBaseline(storedBefore: RunValues, storedNow: RunValues): BaselineComparison {
  const [before, now] = [withZeros(storedBefore), withZeros(storedNow)]
  assertSameLoad(before, now)
  const isRefused = before.machine.fingerprint !== now.machine.fingerprint
  const differences = now.numbers.flatMap((number) => {
    const likeness = likenessOf(now, number)
    const earlier = before.numbers.find((each) => likenessOf(before, each) === likeness)
    return earlier ? [differenceOf(earlier, number, isRefused)] : []
  })
  if (differences.length === 0) throw nothingInCommon(before, now)
  return {
    differences,
    onlyBefore: missingIn(now, before),
    onlyNow: missingIn(before, now),
    otherLoads: otherLoads(before, now),
    otherMachine: isRefused ? machineChanges(before.machine, now.machine) : [],
    isSamplingOther: before.eventLoopSampling !== now.eventLoopSampling,
    doubts: differences.flatMap(doubtOf),
  }
}

const cellsOf = ({ numbers }: RunValues): string[] => [...new Set(numbers.map(cellOf))]

/** What the other run has and this one lacks; of a scenario whose load is another nothing is said twice. */
function missingIn(one: RunValues, other: RunValues): string[] {
  const [own, others] = [cellsOf(one), cellsOf(other)]
  const numbers = other.numbers
    .filter(({ scenario }) => one.loadDigests?.[scenario] === other.loadDigests?.[scenario])
    .filter((number) => own.includes(cellOf(number)) && !one.numbers.some((each) => isSameNumber(each, number)))
    .map((number) => `${cellOf(number)}: ${number.metric}`)
  return [...others.filter((cell) => !own.includes(cell)), ...numbers]
}

const cellOf = ({ scenario, variant }: Pick<NumberValues, 'scenario' | 'variant'>): string => `${scenario}, ${variant}`

const isSameNumber = (one: NumberValues, other: NumberValues): boolean =>
  cellOf(one) === cellOf(other) && one.metric === other.metric

/** Of scenarios that both runs have: why their loads are not known to be the same. */
function otherLoads(before: RunValues, now: RunValues): string[] {
  const shared = new Set(now.numbers.map(({ scenario }) => scenario))
  const both = [...shared].filter((name) => before.numbers.some(({ scenario }) => scenario === name))
  return both.flatMap((name) => {
    const [then, here] = [before.loadDigests?.[name], now.loadDigests?.[name]]
    if (then === here) return []
    return then === undefined || here === undefined
      ? [`${name}: an older weir measured one of the two, and did not note script, options and environment of the load`]
      : [`${name}: script, options or environment of the load are not what they were`]
  })
}

function differenceOf(before: NumberValues, now: NumberValues, isRefused: boolean): BaselineDifference {
  const { scenario, variant, metric, unit, better, primary } = now
  const [a, b] = [before, now].map(({ values }) => values.map(({ value }) => value)) as [number[], number[]]
  const hasRatio = [...a, ...b].every((value) => value > 0)
  const log = hasRatio ? shiftBetween(a.map(Math.log), b.map(Math.log)) : null
  return {
    ...{ scenario, variant, metric, unit, better, primary, before: a, now: b },
    ratio: log && toRatioMinusOne(log),
    difference: shiftBetween(a, b),
    word: !primary ? null : isRefused ? 'refused' : wordOf(log),
  }
}

function wordOf(log: Estimate | null): BaselineWord {
  if (log === null || log.lower === null || log.upper === null) return 'cannot tell'
  // Which side is better decides nothing about whether it differs.
  const verdict = decideVerdict(log.lower, log.upper, 'lower')
  return verdict === 'equivalent' ? 'alike' : verdict === 'inconclusive' ? 'cannot tell' : 'differs'
}

function doubtOf({ scenario, variant, metric, before, now }: BaselineDifference): string[] {
  const { metric: name, stat } = parseSelector(metric)
  const shareOf = (values: number[]) => failureShare({ metric: name, stat, value: mean(values) })
  const [earlier, later] = [shareOf(before), shareOf(now)]
  if (earlier === null || later === null || later - earlier <= failureMargin) return []
  return [`${scenario}, ${variant} fails more often than it did (${metric}), so its times prove nothing`]
}

function assertSameLoad(before: RunValues, now: RunValues): void {
  if (before.load === now.load && before.mode === now.mode) return
  throw new UserError(
    `run "${now.run}" was ${loadInWords(now)}, the baseline's run "${before.run}" ${loadInWords(before)}: their loads differ, so their numbers cannot be held against each other. Measure both by the same command`,
  )
}

function nothingInCommon(before: RunValues, now: RunValues): UserError {
  const listed = (values: RunValues) => cellsOf(values).join('; ') || 'nothing'
  return new UserError(
    `run "${now.run}" and the baseline's run "${before.run}" have no usable number in common. ${[...otherLoads(before, now), `The run has ${listed(now)}; the baseline ${listed(before)}`].join('. ')}`,
  )
}

/** What is different about two machines, as `cpu: EPYC 7B13, was i7-9700`. */
function machineChanges(before: MachineOfValues, now: MachineOfValues): string[] {
  const facts = ['cpu', 'cores', 'memoryMB', 'kernel', 'node'] as const
  const changes = facts.filter((fact) => before[fact] !== now[fact])
  if (changes.length === 0) return ['its limits, its governor or how it is virtualised']
  return changes.map((fact) => `${fact}: ${now[fact]}, was ${before[fact]}`)
}
