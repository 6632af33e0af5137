import { withCheckouts } from '../../campaign/checkouts.ts'
import type { CampaignRequest, ComparedScenario, PairStatistics, ResumableRun } from '../../campaign/request.ts'
import { defaultMetrics } from '../../compare/default-metrics.ts'
import { assertKnownMetrics } from '../../compare/known-metrics.ts'
import { planLooks } from '../../compare/looks.ts'
import { type ScenarioState, scenarioStates } from '../../compare/scenario-states.ts'
import type { Margins } from '../../compare/verdict.ts'
import { withAskedRates } from '../../config/rate-steps.ts'
import { assertScenario, assertTrial, isLaunched, type LoadedConfig } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { assertKnownLimits } from '../../gate/known-limits.ts'
import { checkLimits } from '../../gate/limits.ts'
import type { GateMetric, GatePlan, Run } from '../../record/schema.ts'

/** What somebody wants to know of two variants; `weir compare` and `weir gate` ask alike. */
export interface ComparisonAsk {
  /** Side A and side B as they are written: `optimized`, or `optimized@../base` in another checkout. */
  against: string
  variant: string
  /** What a relative checkout is relative to. */
  from: string
  scenarios: readonly string[]
  /** Gate metrics by scenario; those of a scenario that is not in it are the steadiest that the machine gives. */
  metrics: ReadonlyMap<string, readonly GateMetric[]>
  /** Of metrics that are not named; the usual ones unless given. */
  margins?: Margins
  budgetMs: number
  /** Valid pairs of a scenario, at the most. */
  mostPairs: number
  seed: number
  /** When it is looked, and when it is enough; unless given, as a comparison does. */
  statistics?: PairStatistics
  gate?: GatePlan
  resume?: ResumableRun
}

/** Beside the valid pairs so many more are planned, for those that turn out not to be, as a share. */
const sparePairs = 0.5

/**
 * The run that answers it, and the config with all in it that the run names, steps at a rate too.
 *
 * @throws UserError for names that do not exist, for a variant against itself, for what cannot be started
 */
export function comparisonRequest(
  config: LoadedConfig,
  ask: ComparisonAsk,
): { config: LoadedConfig; request: CampaignRequest } {
  const { against, variant, scenarios, budgetMs, mostPairs, seed, gate, resume } = ask
  if (against === variant)
    throw new UserError(`"${variant}" would be compared with itself. weir noise measures how much that differs`)
  const whole = withCheckouts(withAskedRates(config, scenarios), [against, variant], ask.from)
  for (const scenario of scenarios) {
    assertScenario('scenario', scenario, whole)
    for (const side of [against, variant]) assertTrial(whole, scenario, side, config.file)
  }
  const blocks = Math.ceil(mostPairs * (1 + sparePairs))
  const request: CampaignRequest = {
    name: `${variant} against ${against}`,
    campaign: {
      question: `Does ${variant} differ from ${against}?`,
      variants: [against, variant],
      scenarios: [...scenarios],
      baseline: against,
      blocks,
      moreBlocks: 0,
      quick: { blocks },
    },
    quick: false,
    seed,
    asked: { variants: [], scenarios: [...scenarios], blocks: mostPairs },
    comparison: {
      variant,
      against,
      budgetMs,
      mostPairs,
      metricsOf: (scenario) => metricsOf(whole, ask, scenario),
      statistics: ask.statistics ?? { planLooks, statesOf },
      ...(gate ? { gate } : {}),
    },
    ...(resume ? { resume } : {}),
  }
  return { config: whole, request }
}

/** A limit on what the target does not give is a mistake, too: told after the first pair, not after the last. */
function statesOf(run: Run): ReadonlyMap<string, ScenarioState> {
  checkLimits(run)
  return scenarioStates(run)
}

function metricsOf(
  { variants }: LoadedConfig,
  { metrics, margins, against, variant, gate }: ComparisonAsk,
  scenario: ComparedScenario,
): GateMetric[] {
  const limits = gate?.limits.filter((limit) => limit.scenario === scenario.name) ?? []
  assertKnownLimits(limits, scenario.declared)
  const named = metrics.get(scenario.name)
  if (named) assertKnownMetrics(named, scenario.declared)
  const isWatched = [against, variant].every((side) => isLaunched(variants[side]!))
  return [...(named ?? defaultMetrics({ ...scenario, isWatched }, margins))]
}
