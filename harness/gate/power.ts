import { counted } from '../compare/figures.ts'
import { mostPairsEver } from '../compare/looks.ts'
import { gateMetricOf } from '../compare/noise.ts'
import { pairsNeeded } from '../compare/pairs-needed.ts'
import { marginsFrom } from '../compare/verdict.ts'
import { formatDuration } from '../metrics/duration.ts'
import type { ComparisonPlan, GateMetric, GatePlan } from '../record/schema.ts'

/** How much a number differs from pair to pair where nothing changed, as it is stored for a machine. */
export interface StoredNoise {
  scenario: string
  /** That ran against itself. */
  variant: string
  metric: string
  mode: ComparisonPlan['mode']
  /** Standard deviation of ln(B/A). */
  sdLog: number
  /** That it stands on. */
  pairs: number
  /** Of begun pairs. */
  usableShare: number
  secondsAPair: number
}

/**
 * What is to be said before a gate starts that cannot find the effect it is to find: one line a gate metric, with the budget
 * that would do. Empty where the gate promises nothing, or can keep what it promises.
 *
 * @param noise of this machine
 */
export function powerWarnings({ power }: GatePlan, plan: ComparisonPlan, noise: readonly StoredNoise[]): string[] {
  if (!power) return []
  const closest = closestNoise(plan, noise)
  const budget = budgetOf(plan, closest)
  return plan.metrics.flatMap((metric) => {
    const floor = closest.find((each) => gateMetricOf([metric], each))
    const problem = floor && budget ? whyNot(metric, power, plan, floor, budget) : unknown(metric, plan)
    return problem === null ? [] : [`${metric.scenario}: ${metric.metric}: ${problem}`]
  })
}

/**
 * Of each scenario the noise of the base; else of the same variant in this checkout; else that of all others, the noisiest
 * first.
 */
function closestNoise({ metrics, mode, against }: ComparisonPlan, noise: readonly StoredNoise[]): StoredNoise[] {
  const scenarios = [...new Set(metrics.map(({ scenario }) => scenario))]
  return scenarios.flatMap((name) => {
    const own = noise.filter((each) => each.scenario === name && each.mode === mode)
    const ofBase = own.filter(({ variant }) => variant === against)
    const ofName = own.filter(({ variant }) => against.startsWith(`${variant}@`))
    if (ofBase.length > 0) return ofBase
    return ofName.length > 0 ? ofName : own.toSorted((a, b) => b.sdLog - a.sdLog)
  })
}

interface Budget {
  /** Rounds, a pair of every scenario each, that it lets in. */
  rounds: number
  roundS: number
  /** That count, at the most. */
  mostPairs: number
}

/** Null where it is not known how long a pair takes. */
function budgetOf({ metrics, budgetMs, looks }: ComparisonPlan, noise: readonly StoredNoise[]): Budget | null {
  const scenarios = [...new Set(metrics.map(({ scenario }) => scenario))]
  const seconds = scenarios.map((name) => noise.find(({ scenario }) => scenario === name)?.secondsAPair)
  if (seconds.includes(undefined)) return null
  const roundS = seconds.reduce<number>((sum, each) => sum + each!, 0)
  return { rounds: budgetMs / 1000 / roundS, roundS, mostPairs: looks.at(-1) ?? 0 }
}

const unknown = ({ scenario }: GateMetric, { against }: ComparisonPlan): string =>
  `whether the budget is enough is not known, since no noise of this load is stored for this machine: weir noise ${against} --scenario ${scenario}`

/** Null where the budget lets in as many pairs as are needed. */
function whyNot(
  { margins }: GateMetric,
  { effect, atLeast }: NonNullable<GatePlan['power']>,
  { alpha, metrics, against }: ComparisonPlan,
  { sdLog, pairs, usableShare, variant }: StoredNoise,
  { rounds, roundS, mostPairs }: Budget,
): string | null {
  const sought = { sd: sdLog, effect, margins, alpha: alpha / metrics.length }
  const letIn = Math.min(mostPairs, Math.floor(rounds * usableShare))
  const needed = pairsNeeded(sought, atLeast)
  if (needed !== null && needed <= letIn) return null
  const wanted = `an effect of ${percent(effect)} is to be found with ${percent(atLeast)}`
  const whose = variant === against ? '' : ` of "${variant}"`
  const noise = `it differs by ${percent(sdLog)} from pair to pair (standard deviation over ${counted(pairs, 'pair')}${whose})`
  if (needed === null) {
    const without = pairsNeeded({ ...sought, margins: marginsFrom({ change: 0 }) }, atLeast)
    const advice = without === null ? '' : `. With "change: 0" it takes ${counted(without, 'pair')}`
    return `${wanted}, which no budget can do: at most ${mostPairsEver} pairs count, ${noise}, and ${marginsInWords(margins)}${advice}`
  }
  const enough = formatDuration(60_000 * Math.ceil((needed * roundS) / usableShare / 60))
  const voidOnes = usableShare < 1 ? ` that can be used, of those that ran ${percent(usableShare)}` : ''
  return `${wanted}, which takes ${counted(needed, 'pair')}, and the budget lets in ${letIn}${voidOnes}: ${noise}. A budget of ${enough} would do`
}

const marginsInWords = ({ change, equivalence }: GateMetric['margins']): string =>
  `changes up to ${percent(change)} do not count${equivalence > 0 ? `, those within ${percent(equivalence)} are called equivalent as soon as they surely are` : ''}`

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`
