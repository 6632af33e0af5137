import { UserError } from '../errors.ts'
import { formatDuration } from '../metrics/duration.ts'
import type { ComparisonPlan } from '../record/schema.ts'
import { type PreparedScenario, plannedSeconds } from './prepare.ts'
import type { ComparisonRequest } from './request.ts'
import { modeOf } from './slices.ts'

/** Probability that a comparison of equals finds a change, in any of its metrics and at any of its looks. */
export const wholeAlpha = 0.003

const mostMetrics = 3

/**
 * What a comparison is told before its first pair.
 *
 * @throws UserError where a scenario has no gate metric, or more than there may be, where pairs are run in two ways, or where
 *   fewer are asked for than can tell anything, or where not one fits into the budget
 */
export function planComparison(
  request: ComparisonRequest,
  scenarios: ReadonlyMap<string, PreparedScenario>,
  instructionsCounted: boolean,
): ComparisonPlan {
  const { variant, against, budgetMs, metricsOf } = request
  const mode = modeOf(scenarios)
  const metrics = [...scenarios].flatMap(([name, { primary, facts }]) => {
    const ofScenario = metricsOf({
      name,
      primary,
      phases: facts.phases.map((phase) => phase.name),
      declared: facts.declared ?? [],
      instructionsCounted,
    })
    assertFew(name, ofScenario.length)
    return ofScenario
  })
  assertEnough(request, metrics.length)
  const pairsS = new Map([...scenarios].map(([name, scenario]) => [name, 2 * plannedSeconds(scenario)]))
  assertPairFits(request, pairsS, metrics.length)
  const plan = { variant, against, metrics, alpha: wholeAlpha, looks: [], budgetMs, mode, ended: null }
  return { ...plan, looks: looksWithin(plan, request, [...pairsS.values()]) }
}

function assertFew(scenario: string, count: number): void {
  if (count >= 1 && count <= mostMetrics) return
  throw new UserError(
    `scenario "${scenario}" has ${count} gate metrics: expected 1 to ${mostMetrics}, since what may go wrong is shared among them`,
  )
}

/** The fewer pairs, the more often an interval of them errs, and the metrics share what may go wrong. */
function assertEnough({ mostPairs, statistics }: ComparisonRequest, metrics: number): void {
  const [first = 0] = statistics.planLooks(mostPairs, wholeAlpha / metrics)
  if (first <= mostPairs) return
  const shared = metrics === 1 ? 'one gate metric' : `${metrics} gate metrics`
  throw new UserError(
    `${mostPairs} pairs cannot decide anything: expected at least ${first} (--pairs ${first}), the fewest that tell something of ${shared} with an error of ${100 * wholeAlpha}%`,
  )
}

/** Who would have to begin a pair that does not end within the budget begins none. */
function assertPairFits(
  { budgetMs, statistics }: ComparisonRequest,
  pairsS: ReadonlyMap<string, number>,
  metrics: number,
): void {
  const roundS = [...pairsS.values()].reduce((sum, pairS) => sum + pairS, 0)
  for (const [name, pairS] of pairsS) {
    if (pairS * 1000 <= budgetMs) continue
    const [needed = 1] = statistics.planLooks(1, wholeAlpha / metrics)
    throw new UserError(
      `scenario "${name}": one pair takes ${Math.ceil(pairS)} s, longer than the whole budget of ${formatDuration(budgetMs)}. The fewest that tell anything take --budget ${Math.ceil((needed * roundS) / 60)}m`,
    )
  }
}

/**
 * The looks of a comparison into whose budget so many pairs fit as their length says. Of several scenarios any may get what
 * the others turn out not to need, so that the shortest pair counts: where the budget ends sooner, one more look is taken
 * there, with all the error that is left.
 *
 * @param pairsS seconds that a pair takes, of each scenario
 */
export const looksWithin = (
  { budgetMs, alpha, metrics }: ComparisonPlan,
  { mostPairs, statistics }: Pick<ComparisonRequest, 'mostPairs' | 'statistics'>,
  pairsS: readonly number[],
): number[] => {
  const most = Math.min(mostPairs, Math.floor(budgetMs / 1000 / Math.min(...pairsS)))
  return statistics.planLooks(most, alpha / metrics.length)
}
