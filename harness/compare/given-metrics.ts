import { didYouMean, UserError } from '../errors.ts'
import { printSelector } from '../metrics/selector.ts'
import type { GateMetric, Observation, Run, TrialRecord } from '../record/schema.ts'
import { isSame } from './observation-id.ts'
import { isNoneCounted, primaryId, type WantedId } from './pairs.ts'

/**
 * Whether every gate metric was observed on each side that ran to its end: what is not there is no reason to leave pairs out,
 * but a mistake of who asked.
 *
 * @throws UserError that names the metric, and those there are
 */
export function assertGiven(run: Run): void {
  for (const metric of run.header.comparison?.metrics ?? []) {
    const records = run.records.filter(({ scenario, failure }) => scenario === metric.scenario && !failure)
    const id = wantedId(metric.metric, records)
    for (const side of ['A', 'B'] as const) {
      assertAmong(
        metric,
        id,
        records.filter(({ key }) => key.side === side),
      )
    }
  }
}

/** What a selector names, as any of the trials has it. */
export function wantedId(selector: string, records: readonly TrialRecord[]): WantedId {
  const id = primaryId(selector)
  const example = records.flatMap(({ observations }) => observations).find((each) => isSame(each, id))
  return example ? { ...id, example } : id
}

function assertAmong({ metric, scenario }: GateMetric, id: WantedId, records: TrialRecord[]): void {
  const observed = records.flatMap(({ observations }) => observations)
  if (records.length === 0 || observed.some((each) => isSame(each, id))) return
  if (records.some((record) => isNoneCounted(record, id))) return
  const ofSameName = observed.filter((each) => each.metric === id.metric)
  const known = ofSameName.length > 0 ? ofSameName.map(selectorOf) : observed.map((each) => each.metric)
  const names = [...new Set(known)]
  const what = ofSameName.length > 0 ? `Of ${id.metric} there is` : 'There is'
  throw new UserError(
    `variant "${records[0]!.variant}" gives no "${metric}" under scenario "${scenario}". ${didYouMean(id.metric, names)}${what}: ${names.join(', ')}`,
  )
}

const selectorOf = ({ metric, stat, scenario, phase }: Observation): string =>
  printSelector({
    metric,
    stat,
    tags: { ...(scenario === undefined ? {} : { scenario }), ...(phase === undefined ? {} : { phase }) },
  })
