import type { Unit } from '../metrics/table.ts'
import type { Claimed, Run } from '../record/schema.ts'
import { type ClaimVerdict, testClaims } from './claims.ts'

export const claimsSchema = 'weir.claims/1'

/** `claims.json` of a run. A change that old readers cannot take raises the number in the schema's name. */
export interface ClaimsFile {
  schema: typeof claimsSchema
  run: string
  campaign: string
  /** A run that is still going on, or was cut off, has a table of what is there so far. */
  status: 'running' | 'finished' | 'interrupted'
  quick: boolean
  blocks: number
  commit: string | null
  /** The machine, see `environment.fingerprint` of run.json. */
  fingerprint: string
  claims: {
    id: string
    row: string | null
    statement: string
    note: string | null
    scenario: string
    variant: string
    against: string
    metric: string
    claimed: Claimed
    /** Null where no pair could be used. Null bounds: one pair. */
    measured: {
      estimate: number
      lower: number | null
      upper: number | null
      unit: Unit | 'ratio'
      kind: 't95' | 'constant' | 'none'
    } | null
    pairs: number
    excludedPairs: number
    verdict: ClaimVerdict
    /** Empty where there is nothing to say. */
    reason: string
  }[]
}

export function claimsFile(run: Run): ClaimsFile {
  const { id, campaign, status, quick, blocks, environment } = run.header
  return {
    schema: claimsSchema,
    run: id,
    campaign,
    status,
    quick,
    blocks,
    commit: environment.git?.commit ?? null,
    fingerprint: environment.fingerprint,
    claims: testClaims(run).map(({ claim: { needs, ...claim }, measured, pairs, excludedPairs, verdict, reason }) => ({
      ...claim,
      measured,
      pairs,
      excludedPairs,
      verdict,
      reason,
    })),
  }
}
