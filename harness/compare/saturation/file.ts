import type { Run } from '../../record/schema.ts'
import { type Saturation, saturationOf } from './saturation.ts'

export const saturationSchema = 'weir.saturation/1'

/** `saturation.json` of a run. A change that old readers cannot take raises the number in the schema's name. */
export interface SaturationFile extends Saturation {
  schema: typeof saturationSchema
  run: string
  campaign: string
  status: 'running' | 'finished' | 'interrupted'
  quick: boolean
  blocks: number
  baseline: string
  commit: string | null
  fingerprint: string
}

/** @param run one that saturates its variants */
export function saturationFile(run: Run): SaturationFile {
  const { id, campaign, status, quick, blocks, baseline, environment } = run.header
  return {
    schema: saturationSchema,
    run: id,
    ...{ campaign, status, quick, blocks, baseline },
    commit: environment.git?.commit ?? null,
    fingerprint: environment.fingerprint,
    ...saturationOf(run)!,
  }
}
