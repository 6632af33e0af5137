import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Invalidity, Observation, Run } from '../../../harness/record/schema.ts'
import { health } from '../../../reports/sections/health.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

/** What the one number of "turns" is named and valued; `polling` is the only variant whose trials are marked. */
type Seen = Pick<Observation, 'metric' | 'stat' | 'value' | 'unit' | 'scenario' | 'phase'>

function runWith(seen: Seen, invalid: Invalidity): Run {
  const run = goldenRun({ samples: 10, blocks: 1 })
  for (const record of run.records) {
    record.observations = record.scenario === 'turns' ? [{ ...seen, better: 'lower', source: 'generator' }] : []
    record.invalid = record.variant === 'polling' ? [invalid] : []
  }
  return run
}

/** The texts of the cells, a variant each. */
const cellsOf = (run: Run): string[] =>
  [...health.render(viewOf(run, compareRun(run)))!.markup.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) =>
    cell!.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' '),
  )

const late: Seen = { metric: 'generator_lateness', stat: 'p(99)', value: 46, unit: 'ms', scenario: 'paced' }
const busy: Seen = { metric: 'target_core_busy', stat: 'value', value: 0.717, unit: 'share', phase: 'capacity' }
const marks: [what: string, seen: Seen, mark: Invalidity, cell: string][] = [
  [
    'of the scenario that the number is of, and of the phase that it fills',
    late,
    { scenario: 'paced', phase: 'paced', code: 'generator-late', message: '' },
    '✕ 46.0 ms, 1 beyond the limit',
  ],
  [
    'of the phase that the number is of, and of the scenario that fills it',
    busy,
    { scenario: 'capacity', phase: 'capacity', code: 'target-not-saturated', message: '' },
    '✕ 71.7%, 1 beyond the limit',
  ],
  ['of the whole trial', late, { code: 'generator-late', message: '' }, '✕ 46.0 ms, 1 beyond the limit'],
  [
    'of another part',
    late,
    { scenario: 'capacity', phase: 'capacity', code: 'generator-late', message: '' },
    '46.0 ms',
  ],
  ['for another reason', late, { scenario: 'paced', phase: 'paced', code: 'service-late', message: '' }, '46.0 ms'],
]
for (const [what, seen, mark, cell] of marks)
  test(`A mark ${what} makes the cell "${cell}".`, () => {
    const [optimized, polling] = cellsOf(runWith(seen, mark))
    assert.deepEqual([optimized, polling], [cell.replace(/✕ |,.*/g, ''), cell])
  })

test('A number over the whole load is not judged, and stands only where no part of the load has it.', () => {
  const mark: Invalidity = { scenario: 'paced', phase: 'paced', code: 'generator-late', message: '' }
  const { scenario: _, ...ofWhole } = late
  const [whole, parted] = [runWith(ofWhole, mark), runWith(late, mark)]
  for (const { observations } of parted.records)
    observations.push(...observations.map(({ scenario: _, ...each }) => ({ ...each, value: 30 })))
  assert.deepEqual(cellsOf(whole).slice(0, 2), ['46.0 ms', '46.0 ms'])
  assert.deepEqual(cellsOf(parted), cellsOf(runWith(late, mark)))
})
