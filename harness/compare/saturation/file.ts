import type { Run } from '../../record/schema.ts'
import { factsOfRun, type RunFacts } from '../run-facts.ts'
import { type Saturation, saturationOf } from './saturation.ts'

export const saturationSchema = 'weir.saturation/1'

/** `saturation.json` of a run. A change that old readers cannot take raises the number in the schema's name. */
export interface SaturationFile extends RunFacts, Saturation {
  schema: typeof saturationSchema
}

/** @param run one that saturates its variants */
export const saturationFile = (run: Run): SaturationFile => ({
  schema: saturationSchema,
  ...factsOfRun(run),
  ...saturationOf(run)!,
})
