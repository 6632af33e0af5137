import type { Run } from '../record/schema.ts'
import { assertGiven } from './given-metrics.ts'
import { compareGateMetrics, type PairedComparison } from './paired-comparison.ts'

/**
 * Whether more pairs of a scenario can tell more. open: they can. decided: every gate metric has its verdict. full: those
 * that have none were looked at for the last time. unusable: nothing of it can be used.
 */
export type ScenarioState = 'open' | 'decided' | 'full' | 'unusable'

/** After so many pairs without one that can be used no more are tried: something is wrong, and it will not go away. */
const mostInVain = 5

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
    states.set(comparison.scenario, [...(states.get(comparison.scenario) ?? []), stateOf(comparison, lastLook)])
  return new Map([...states].map(([scenario, ofMetrics]) => [scenario, together(ofMetrics)]))
}

function stateOf({ looks, pairs, excludedPairs }: PairedComparison, lastLook: number): ScenarioState {
  const last = looks.at(-1)
  if (last && last.verdict !== 'inconclusive') return 'decided'
  if (last && last.pairs >= lastLook) return 'full'
  return pairs === 0 && excludedPairs >= mostInVain ? 'unusable' : 'open'
}

/** A metric that wants more pairs keeps its scenario going; one that is hopeless does not. */
function together(states: ScenarioState[]): ScenarioState {
  if (states.includes('open')) return 'open'
  const [first = 'open'] = states
  return states.every((state) => state === first) ? first : 'full'
}
