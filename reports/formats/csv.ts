import { plain } from '../../harness/compare/columns.ts'
import { reasonsAgainstObservation } from '../../harness/compare/pairs.ts'
import type { Observation, Run, TrialRecord } from '../../harness/record/schema.ts'
import { latestTrials } from '../data/usable.ts'
import type { ReportFormat } from './port.ts'

/** Every figure of every trial, for spreadsheets and data frames: a row an observation, what may not be used among them. */
export const csv: ReportFormat = {
  purpose: 'every figure of every trial, a row each, and whether it may be used',
  render: (runs) => [csvHeader, ...runs.flatMap(rowsOf)].map(lineOf).join(''),
}

/** Readers go by these names. New ones are added behind them. */
export const csvHeader = [
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

type Row = readonly (string | number)[]

function rowsOf({ header, records }: Run): Row[] {
  const counting = new Set(header.scenarios.flatMap(({ name }) => latestTrials(ofScenario(records, name))))
  return records.flatMap((record) =>
    record.observations.map((observation) => {
      const again = counting.has(record) ? [] : ['the trial was run again']
      return rowOf(header.id, record, observation, [...again, ...reasonsAgainstObservation(record, observation)])
    }),
  )
}

const ofScenario = (records: readonly TrialRecord[], name: string) =>
  records.filter(({ scenario }) => scenario === name)

const rowOf = (run: string, record: TrialRecord, observation: Observation, reasons: readonly string[]): Row => [
  run,
  record.scenario,
  record.variant,
  record.key.block,
  record.trial,
  observation.metric,
  observation.stat,
  scopeOf(observation),
  observation.value,
  observation.unit,
  reasons.length === 0 ? 'yes' : 'no',
  plain(reasons.join('; ')),
]

/** `scenario:paced`, `phase:hold`, as in selectors; empty: the whole load. */
const scopeOf = ({ scenario, phase }: Observation): string =>
  [scenario === undefined ? [] : `scenario:${scenario}`, phase === undefined ? [] : `phase:${phase}`].flat().join(',')

/** RFC 4180: commas, lines that end with CR LF. */
const lineOf = (row: Row): string => `${row.map(fieldOf).join(',')}\r\n`

const fieldOf = (value: string | number): string =>
  typeof value === 'number' ? (Number.isFinite(value) ? String(value) : '') : quoted(harmless(value))

/** Between quotes where it must be, quotes in it doubled. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * A spreadsheet takes a cell that begins like this for a formula, also between quotes; behind an apostrophe it is text
 * (OWASP, "CSV Injection").
 */
const harmless = (text: string): string => (/^\s*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text)
