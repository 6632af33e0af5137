import type { GateMetric, Run, TrialRecord } from '../record/schema.ts'
import { aboveInWords, spares } from './invalidity.ts'
import type { WantedId } from './none-counted.ts'
import type { ObservationId } from './observation-id.ts'
import { observationOf, pairsOf, reasonsAgainstId, usableValue } from './pairs.ts'
import { tooFewSamples } from './trial-number.ts'
import { wantedId } from './wanted-id.ts'

/** Why trials of a variant were left out, one reason. */
interface Reason {
  variant: string
  /** Trials with the same share a line, which quotes the text of the first. */
  code: string
  text: string
  block: number
}

/**
 * One line for each reason why numbers of a scenario were left out: `polling, blocks 1 and 3: capacity: the target's
 * core was only 71% busy`; of a comparison its pairs, and which of its gate metrics trials that may be used do not have.
 * @param id only what voids this number; absent: any
 */
export function exclusionNotes(run: Run, scenario: string, id?: ObservationId): string[] {
  const ofTrials = run.records
    .filter((record) => record.scenario === scenario)
    .flatMap((record) => reasonsOf(record, id))
  const metrics = run.header.comparison?.metrics.filter((metric) => metric.scenario === scenario) ?? []
  const reasons = [...ofTrials, ...metrics.flatMap((metric) => lacksOf(run, metric)), ...missingFrom(run, scenario)]
  const groups = Map.groupBy(reasons, (reason) => JSON.stringify([reason.variant, reason.code]))
  const noun = run.header.comparison ? 'pair' : 'block'
  return [...groups.values()].map((reasons) => {
    const { variant, text } = reasons[0]!
    const blocks = reasons.map(({ block }) => block)
    return `${variant}, ${blocksInWords(blocks, noun)}: ${text}`
  })
}

function reasonsOf(record: TrialRecord, id: ObservationId | undefined): Reason[] {
  const { variant, failure, invalid } = record
  const { block } = record.key
  // A failed trial is void for that reason alone; what else was wrong with it follows from it.
  if (failure) return [{ variant, block, code: 'failed', text: `failed (${failure.stage}): ${failure.message}` }]
  const number = (id && observationOf(record, id)) ?? {}
  const concerning = invalid.filter((each) => !spares(each, number))
  return concerning.map((each) => {
    const { code, message, scenario, phase } = each
    const part = scenario ?? phase
    const above = aboveInWords(each)
    const text = `not used${above}: ${part === undefined ? '' : `${part}: `}${message}`
    return { variant, block, code: `${code} ${part ?? ''}${above}`, text }
  })
}

/** Of a comparison the sides of its pairs that have no record: somebody took it away, or it ended between the two. */
function missingFrom({ header, records }: Run, scenario: string): Reason[] {
  if (!header.comparison) return []
  const { against, variant } = header.comparison
  return pairsOf({ header, records }, scenario, variant).flatMap((pair) =>
    [
      { variant: against, record: pair.baseline },
      { variant, record: pair.variant },
    ].flatMap((side) =>
      side.record ? [] : [{ variant: side.variant, block: pair.pair, code: 'missing', text: 'has no record' }],
    ),
  )
}

/** Which trials of a comparison may be used and do not have a gate metric. */
function lacksOf(run: Run, metric: GateMetric): Reason[] {
  const id = wantedId(metric, run)
  const sides = pairsOf(run, metric.scenario, run.header.comparison!.variant).flatMap(({ baseline, variant }) =>
    baseline && variant ? [baseline, variant] : [],
  )
  return sides
    .filter((record) => reasonsAgainstId(record, id).length === 0 && usableValue(record, id) === null)
    .map((record) => ({
      ...{ variant: record.variant, block: record.key.block },
      ...{ code: `lacks ${metric.metric}`, text: `gives no ${metric.metric}${whyNone(record, id)}` },
    }))
}

function whyNone(record: TrialRecord, id: WantedId): string {
  const samples = tooFewSamples(record, id)
  return samples === null ? '' : `: too few samples for ${id.stat} (${samples})`
}

function blocksInWords(blocks: number[], noun: 'block' | 'pair'): string {
  const [last, ...rest] = [...new Set(blocks)].sort((a, b) => b - a)
  return rest.length === 0 ? `${noun} ${last}` : `${noun}s ${rest.reverse().join(', ')} and ${last}`
}
