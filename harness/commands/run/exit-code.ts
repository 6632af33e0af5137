import { usableValue } from '../../compare/pairs.ts'
import { type SaturatedVariant, saturationOf } from '../../compare/saturation/saturation.ts'
import { wantedId } from '../../compare/wanted-id.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Run, TrialRecord } from '../../record/schema.ts'

/** What `weir run` ends with. */
export function exitCodeOf(run: Run): ExitCode {
  if (run.header.status === 'interrupted') return exitCodes.interrupted
  // How far each variant can be loaded is what was asked: of one that answers nothing, or holds no rate, there is no answer.
  if (saturationOf(run)?.variants.some((each) => hasNoMaximum(run, each) || holdsNoRate(each))) return exitCodes.failed
  const isUsable = (record: TrialRecord) =>
    usableValue(record, wantedId({ scenario: record.scenario, metric: record.primary }, run)) !== null
  // A server that fails is a finding; a task that fails is a fault of the suite, which somebody should mend.
  const isTaskFailed = run.records.some(({ failure }) => failure?.stage === 'task')
  return run.records.some(isUsable) && !isTaskFailed ? exitCodes.ok : exitCodes.failed
}

/** What was left out, since something is missing here, is no failure. */
const hasNoMaximum = ({ header }: Run, { variant, maximum }: SaturatedVariant): boolean =>
  maximum === null && (header.cells ?? []).some(({ variants }) => variants.includes(variant))

/** Its lowest rate fails, or could not be measured: be it decided, or, of failures, all that was seen. A void load alone says nothing. */
const holdsNoRate = ({ rate }: SaturatedVariant): boolean =>
  rate !== null &&
  rate.tries.length > 0 &&
  rate.lower === null &&
  (rate.state !== 'open' || rate.tries.every(({ outcome }) => outcome === 'failed'))
