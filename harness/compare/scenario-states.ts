import type { Run, RunHeader } from '../record/schema.ts'
import { isNearlyBlamed } from './failed-trials.ts'
import { assertGiven } from './given-metrics.ts'
import { compareGateMetrics, type PairedComparison } from './paired-comparison.ts'
import { pairsOf } from './pairs.ts'

/**
 * Whether more pairs of a scenario can tell more. open: they can. decided: every gate metric has its verdict. full: those
 * that have none were looked at for the last time. unusable: nothing of it can be used.
 */
export type ScenarioState = 'open' | 'decided' | 'full' | 'unusable'

/** After so many pairs without one that can be used no more are tried: something is wrong, and it will not go away. */
const mostInVain = 5

/**
 * One-sided error of each of the two ways in which a gate is told of a scenario that its head fails more often: both ways and
 * all scenarios share half of what its metrics have.
 */
export const errorOfFailures = ({ comparison, scenarios }: Pick<RunHeader, 'comparison' | 'scenarios'>): number =>
  (comparison?.alpha ?? 0) / (2 * 2 * scenarios.length)

/**
 * How the scenarios of a comparison stand, by name.
 *
 * @throws UserError where the run is no comparison, or the target does not give a gate metric
 */
export function scenarioStates(run: Run): Map<string, ScenarioState> {
  assertGiven(run)
  const lastLook = run.header.comparison?.looks.at(-1) ?? 0
  const states = new Map<string, ScenarioState[]>()
  for (const comparison of compareGateMetrics(run))
    states.set(comparison.scenario, [
      ...(states.get(comparison.scenario) ?? []),
      stateOf(comparison, lastLook, isWorthWaiting(run, comparison.scenario)),
    ])
  return new Map([...states].map(([scenario, ofMetrics]) => [scenario, together(ofMetrics)]))
}

/** A gate of which one side fails, and it alone, goes on until it can tell that it is no chance. */
function isWorthWaiting(run: Run, scenario: string): boolean {
  const { gate, comparison } = run.header
  return Boolean(
    gate && comparison && isNearlyBlamed(pairsOf(run, scenario, comparison.variant), errorOfFailures(run.header)),
  )
}

function stateOf(
  { looks, pairs, excludedPairs }: PairedComparison,
  lastLook: number,
  isWorthWaiting: boolean,
): ScenarioState {
  const last = looks.at(-1)
  if (last && last.verdict !== 'inconclusive') return 'decided'
  if (last && last.pairs >= lastLook) return 'full'
  return pairs === 0 && excludedPairs >= mostInVain && !isWorthWaiting ? 'unusable' : 'open'
}

/** A metric that wants more pairs keeps its scenario going; one that is hopeless does not. */
function together(states: ScenarioState[]): ScenarioState {
  if (states.includes('open')) return 'open'
  const [first = 'open'] = states
  return states.every((state) => state === first) ? first : 'full'
}
