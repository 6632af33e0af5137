import { printSelector } from '../metrics/selector.ts'
import type { GateMetric } from '../record/schema.ts'
import { primaryId } from './pairs.ts'
import { defaultMargins, type Margins } from './verdict.ts'

/** What is known of a scenario before it has run. */
export interface ScenarioOutlook {
  name: string
  primary: string
  /** Names, in their order. */
  phases: readonly string[]
  /** Whether the machine counts instructions. */
  instructionsCounted: boolean
  /** Whether weir starts both variants, and so sees their processes. */
  isWatched: boolean
}

/**
 * The gate metrics of a scenario that names none: the steadiest that the machine gives of what an operation costs, over the
 * phase that the primary metric is taken over, and the primary metric itself.
 */
export function defaultMetrics(scenario: ScenarioOutlook, margins: Margins = defaultMargins): GateMetric[] {
  const { name, primary, instructionsCounted, isWatched } = scenario
  const metric = instructionsCounted ? 'target_instructions_per_op' : 'target_cpu_per_op'
  const phase = phaseOfPrimary(scenario)
  const cost = printSelector({ metric, stat: 'value', tags: phase === undefined ? {} : { phase } })
  const texts = isWatched && phase !== undefined ? [cost, primary] : [primary]
  return [...new Set(texts)].map((text) => ({ scenario: name, metric: text, margins: { ...margins } }))
}

/** A k6 scenario and the phase that it fills have one name. Of a primary metric over the whole load the first phase is taken. */
function phaseOfPrimary({ primary, phases }: ScenarioOutlook): string | undefined {
  const { scope } = primaryId(primary)
  return phases.find((phase) => phase === (scope.phase ?? scope.scenario)) ?? phases[0]
}
