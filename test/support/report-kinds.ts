import { compareRun } from '../../harness/compare/campaign.ts'
import { trendsOf } from '../../harness/compare/trends.ts'
import type { Claim, Run } from '../../harness/record/schema.ts'
import { renderHistory } from '../../reports/history-page.ts'
import { renderReport } from '../../reports/page.ts'
import { renderRuns } from '../../reports/runs-page.ts'
import { pairedRun } from '../compare/paired-run.ts'
import { checked, saturatedRun, tried } from '../compare/saturation/saturated-run.ts'
import { gatedRun, p95 } from '../gate/gated-run.ts'
import { goldenRun, goldenVariants } from './records.ts'
import { historyOf, numberOf } from './run-values.ts'

/** A page of every kind that there is, for what must hold of all of them. */
export interface ReportKind {
  what:
    | 'a campaign'
    | 'a campaign of many variants'
    | 'claims'
    | 'an ablation'
    | 'a comparison'
    | 'a gate'
    | 'a run of which nothing can be used'
    | 'a run that has just begun'
    | 'a saturation'
    | 'a history'
    | 'several runs'
  render(): Promise<string>
}

const few = { samples: 400, blocks: 2 }
const reportOf = (run: Run): Promise<string> => renderReport(run, compareRun(run))

export const reportKinds: readonly ReportKind[] = [
  { what: 'a campaign', render: () => reportOf(goldenRun({ samples: 1000 })) },
  { what: 'a campaign of many variants', render: () => reportOf(manyVariants()) },
  { what: 'claims', render: () => reportOf(claimed()) },
  { what: 'an ablation', render: () => reportOf(ablated()) },
  { what: 'a comparison', render: () => reportOf(compared()) },
  { what: 'a gate', render: () => reportOf(gatedRun({ ratio: 1.05, latencyMs: 300, late: 1, limits: [p95] })) },
  { what: 'a run of which nothing can be used', render: () => reportOf(unusable()) },
  { what: 'a run that has just begun', render: () => reportOf(goldenRun({ blocksIn: 0, status: 'running' })) },
  { what: 'a saturation', render: () => reportOf(saturated()) },
  { what: 'a history', render: () => renderHistory(trendsOf(history(), { scenarios: [], metrics: [] })) },
  { what: 'several runs', render: () => renderRuns(severalRuns()) },
]

function manyVariants(): Run {
  const names = Array.from({ length: 20 }, (_, at) => `variant-with-a-rather-long-name-${at}`)
  return goldenRun({ ...few, variants: names.map((name, at) => ({ ...goldenVariants[at % 4]!, name })) })
}

const claim = (id: string, change: Partial<Claim>): Claim => ({
  ...{ id, row: '1', statement: 'It is faster so', scenario: 'turns', variant: 'polling', against: 'optimized' },
  ...{ metric: 'turn_intended_duration{scenario:paced} p(50)', claimed: { ratio: { above: 1 } }, needs: [] },
  note: null,
  ...change,
})

function claimed(): Run {
  const run = goldenRun(few)
  const claims = [
    claim('confirmed', { note: 'as far as it goes' }),
    claim('refuted', { claimed: { ratio: { below: 1 } } }),
    claim('inconclusive', { variant: 'mutex', metric: 'target_boot value' }),
    claim('size', { metric: 'target_rss_peak value', claimed: { value: { atMost: 500 } } }),
    claim('not-run', { metric: 'no_such_metric value' }),
  ]
  return { ...run, header: { ...run.header, claims } }
}

function ablated(): Run {
  const run = goldenRun(few)
  return { ...run, header: { ...run.header, ablation: { together: 'mutex', of: null } } }
}

const times = { startedAt: '2026-11-21T03:15:02.000Z', finishedAt: '2026-11-21T03:20:02.000Z' }
const compared = (): Run =>
  pairedRun({
    ...{ scenarios: ['browse', 'buy'], pairs: 13, late: 1, planned: { ended: 'decided' } },
    ratio: (_, scenario) => (scenario === 'browse' ? 1.05 : 1),
    header: { ...times, status: 'finished' },
  })

/** Of both variants curves, of one a rate that was found, and engines that do not agree. */
function saturated(): Run {
  const tries = [20, 20, 20].map((p99Ms, at) => tried('base', 200, at + 1, p99Ms))
  const failed = [300, 300, 20, 300].map((p99Ms, at) => tried('base', 283, at + 4, p99Ms))
  const pairs = [1, 2, 3].flatMap((pair) => [checked('turn', pair, 1000 + pair), checked('closed', pair, 800)])
  return saturatedRun([...tries, ...failed, ...pairs])
}

function unusable(): Run {
  const run = goldenRun(few)
  const outputTail = ['listening on 127.0.0.1:8080', `Error: ${'a long line '.repeat(40)}`]
  const records = run.records.map((record, at) =>
    at % 2 === 0
      ? { ...record, failure: { stage: 'target' as const, message: 'it died', outputTail } }
      : { ...record, invalid: [{ code: 'generator-late' as const, message: 'the generator was late by 9 ms at p99' }] },
  )
  return { ...run, records }
}

const history = () =>
  historyOf(24, (day) => [
    numberOf([(day <= 12 ? 43 : 47) + (day % 3)]),
    numberOf([60 + (day % 4)], { variant: 'polling' }),
  ])

const severalRuns = (): Run[] =>
  [21, 22, 23].map((day) => {
    const run = goldenRun({ ...few, seed: day })
    return { ...run, header: { ...run.header, id: `run-${day}`, startedAt: `2026-11-${day}T03:15:02.000Z` } }
  })
