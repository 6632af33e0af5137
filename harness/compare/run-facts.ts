import type { Run, RunHeader } from '../record/schema.ts'

/** What every file about a run says of it, beside what it found. */
export interface RunFacts extends Pick<RunHeader, 'campaign' | 'status' | 'quick' | 'blocks' | 'baseline'> {
  run: string
  commit: string | null
  /** The machine, see `environment.fingerprint` of run.json. */
  fingerprint: string
}

export function factsOfRun({ header }: Run): RunFacts {
  const { id, campaign, status, quick, blocks, baseline, environment } = header
  const { git, fingerprint } = environment
  return { run: id, campaign, status, quick, blocks, baseline, commit: git?.commit ?? null, fingerprint }
}
