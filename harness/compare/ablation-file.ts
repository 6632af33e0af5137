import type { Run } from '../record/schema.ts'
import { type AblationOf, ablationOf } from './ablation.ts'
import { factsOfRun, type RunFacts } from './run-facts.ts'

export const ablationSchema = 'weir.ablation/1'

/** `ablation.json` of a run. A change that old readers cannot take raises the number in the schema's name. */
export interface AblationFile extends RunFacts {
  schema: typeof ablationSchema
  /** One of each number: a scenario's primary metric, its capacity, its CPU per operation. */
  numbers: AblationOf[]
}

export const ablationFile = (run: Run): AblationFile => ({
  schema: ablationSchema,
  ...factsOfRun(run),
  numbers: ablationOf(run),
})
