import type { Run } from '../record/schema.ts'
import { type AblationOf, ablationOf } from './ablation.ts'

export const ablationSchema = 'weir.ablation/1'

/** `ablation.json` of a run. A change that old readers cannot take raises the number in the schema's name. */
export interface AblationFile {
  schema: typeof ablationSchema
  run: string
  campaign: string
  status: 'running' | 'finished' | 'interrupted'
  quick: boolean
  blocks: number
  baseline: string
  commit: string | null
  fingerprint: string
  /** One of each number: a scenario's primary metric, its capacity, its CPU per operation. */
  numbers: AblationOf[]
}

export function ablationFile(run: Run): AblationFile {
  const { id, campaign, status, quick, blocks, baseline, environment } = run.header
  return {
    schema: ablationSchema,
    run: id,
    campaign,
    status,
    quick,
    blocks,
    baseline,
    commit: environment.git?.commit ?? null,
    fingerprint: environment.fingerprint,
    numbers: ablationOf(run),
  }
}
