import { plain } from '../../harness/compare/columns.ts'
import { reasonsAgainstObservation } from '../../harness/compare/pairs.ts'
import type { Observation, Run, Scope, TrialRecord } from '../../harness/record/schema.ts'
import { latestTrials } from './usable.ts'

/** A figure of a trial. */
export interface FigureRow {
  record: TrialRecord
  observation: Observation
  /** Why it may not be used; empty where it may. */
  reasons: string[]
}

/** Every figure of every trial, in the order of the records. */
export function figureRows({ header, records }: Run): FigureRow[] {
  const counting = new Set(header.scenarios.flatMap(({ name }) => latestTrials(ofScenario(records, name))))
  return records.flatMap((record) => {
    const again = counting.has(record) ? [] : ['the trial was run again']
    return record.observations.map((observation) => ({
      record,
      observation,
      reasons: [...again, ...reasonsAgainstObservation(record, observation)],
    }))
  })
}

const ofScenario = (records: readonly TrialRecord[], name: string) =>
  records.filter(({ scenario }) => scenario === name)

/** Readers of CSV and JSON go by these names. New ones are added behind them. */
export const figureColumns = [
  'run',
  'scenario',
  'variant',
  'block',
  'trial',
  'metric',
  'stat',
  'scope',
  'value',
  'unit',
  'usable',
  'reason',
] as const

/** What stands in the columns. @param run its id */
export const figureCells = (run: string, { record, observation, reasons }: FigureRow): (string | number)[] => [
  run,
  record.scenario,
  record.variant,
  record.key.block,
  record.trial,
  observation.metric,
  observation.stat,
  scopeInSelector(observation),
  observation.value,
  observation.unit,
  reasons.length === 0 ? 'yes' : 'no',
  plain(reasons.join('; ')),
]

/** `scenario:paced`, `phase:hold`, as in selectors; empty: the whole load. */
export const scopeInSelector = ({ scenario, phase }: Scope): string =>
  [scenario === undefined ? [] : `scenario:${scenario}`, phase === undefined ? [] : `phase:${phase}`].flat().join(',')
