import { didYouMean, UserError } from '../errors.ts'
import type { GateMetric, Run, TrialRecord } from '../record/schema.ts'
import { isNoneCounted, type WantedId } from './none-counted.ts'
import { isSame, selectorOf } from './observation-id.ts'
import { reasonsAgainstId } from './pairs.ts'
import { isQuietOn, recordable, tooFewSamples } from './trial-number.ts'
import { wantedId } from './wanted-id.ts'

/**
 * Whether every gate metric is one that the trials give: what is never there is no reason to leave pairs out, but a mistake
 * of who asked. Where just one side gives it, or a load recorded nothing of what it may record, or too few samples, that is a
 * finding about the servers: such pairs cannot be used, and say why.
 *
 * @throws UserError that names the metric, and those there are
 */
export function assertGiven(run: Run): void {
  for (const metric of run.header.comparison?.metrics ?? []) {
    const id = wantedId(metric, run)
    const records = run.records.filter(
      (record) => record.scenario === metric.scenario && reasonsAgainstId(record, id).length === 0,
    )
    const kinds = recordable(run.header, metric.scenario)
    const isThere = (record: TrialRecord): boolean =>
      record.observations.some((each) => isSame(each, id)) ||
      tooFewSamples(record, id) !== null ||
      isNoneCounted(record, id) ||
      isQuietOn(record, id, kinds.get(id.metric))
    if (records.length > 0 && !records.some(isThere)) throw notGiven(metric, id, records)
  }
}

function notGiven({ metric, scenario }: GateMetric, id: WantedId, records: readonly TrialRecord[]): UserError {
  const observed = records.flatMap(({ observations }) => observations)
  const ofSameName = observed.filter((each) => each.metric === id.metric)
  const known = ofSameName.length > 0 ? ofSameName.map(selectorOf) : observed.map((each) => each.metric)
  const names = [...new Set(known)]
  const what = ofSameName.length > 0 ? `Of ${id.metric} there is` : 'There is'
  const variants = [...new Set(records.map(({ variant }) => `"${variant}"`))]
  const who = variants.length === 1 ? `variant ${variants[0]} gives` : `variants ${variants.join(' and ')} give`
  return new UserError(
    `${who} no "${metric}" under scenario "${scenario}". ${didYouMean(id.metric, names)}${what}: ${names.join(', ')}`,
  )
}
