import { primaryId, usableValue } from '../../compare/pairs.ts'
import { saturationOf } from '../../compare/saturation/saturation.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Run, TrialRecord } from '../../record/schema.ts'

/** What `weir run` ends with. */
export function exitCodeOf(run: Run): ExitCode {
  if (run.header.status === 'interrupted') return exitCodes.interrupted
  // How far each variant can be loaded is what was asked: of one that answers nothing there is no answer.
  if (saturationOf(run)?.variants.some(({ maximum }) => maximum === null)) return exitCodes.failed
  const isUsable = (record: TrialRecord) => usableValue(record, primaryId(record.primary)) !== null
  // A server that fails is a finding; a task that fails is a fault of the suite, which somebody should mend.
  const isTaskFailed = run.records.some(({ failure }) => failure?.stage === 'task')
  return run.records.some(isUsable) && !isTaskFailed ? exitCodes.ok : exitCodes.failed
}
