import type { AblationOf } from '../../harness/compare/ablation.ts'
import { type CampaignComparison, compareRun } from '../../harness/compare/campaign.ts'
import { type ClaimsFile, claimsFile } from '../../harness/compare/claims-file.ts'
import { aboveInWords } from '../../harness/compare/invalidity.ts'
import type { ComparisonResult } from '../../harness/compare/paired-comparison.ts'
import type { Saturation } from '../../harness/compare/saturation/saturation.ts'
import type { MachineTrends } from '../../harness/compare/trends.ts'
import type { Invalidity, ProfiledRun, Run, RunHeader } from '../../harness/record/schema.ts'
import { inOrder, trendsOfRuns } from '../data/trends.ts'
import { textOf } from '../html.ts'
import { answerOf } from '../sections/answer.ts'
import { isConcerned } from '../sections/unusable.ts'
import { viewOf } from '../view.ts'
import type { ReportFormat } from './port.ts'

export const reportSchema = 'weir.report/1'

/** What programs read: everything that follows from the records. A change that old readers cannot take raises the number. */
export interface ReportFile {
  schema: typeof reportSchema
  /** In the order in which they were measured. */
  runs: RunReport[]
  /** What became of each number from run to run, machine by machine; empty of one run. */
  trends: MachineTrends[]
}

export interface RunReport
  extends Pick<
    RunHeader,
    'id' | 'campaign' | 'question' | 'status' | 'quick' | 'startedAt' | 'finishedAt' | 'seed' | 'blocks' | 'baseline'
  > {
  /** The machine, see `environment.fingerprint` of run.json. */
  fingerprint: string
  commit: string | null
  /** The answer in a sentence, for people. */
  answer: string
  variants: RunHeader['variants']
  scenarios: Pick<RunHeader['scenarios'][number], 'name' | 'description' | 'primary'>[]
  /**
   * Every number of every variant against the baseline's, with the verdict on each scenario's primary metric. Of a saturation the
   * scenarios are its steps: what follows from them together is in `saturation`.
   */
  comparison: CampaignComparison
  /** Of two variants that were compared pair by pair: the verdicts on the gate metrics; else null. */
  paired: ComparisonResult | null
  /** Each claim beside what was measured; empty of a run that tests none. */
  claims: ClaimsFile['claims']
  /** How far each variant can be loaded; null of a run that did not ask. */
  saturation: Saturation | null
  /** What each optimisation is worth; empty of a run that is no ablation. */
  ablation: AblationOf[]
  /** Where its targets were looked into, which cost them time: no number of it is held against another run's. */
  profiled: ProfiledRun | null
  trials: number
  /** Trials whose numbers may not be used, or not all of them. */
  unusable: { trial: number; scenario: string; variant: string; block: number; isFailed: boolean; reasons: string[] }[]
  warnings: string[]
}

export const json: ReportFormat = {
  purpose: `comparison, verdicts and trends as JSON (${reportSchema})`,
  render: (runs) => `${JSON.stringify(reportFile(runs), null, 2)}\n`,
}

/** @throws UserError where a header's `primary` of a scenario cannot be read */
export const reportFile = (runs: readonly Run[]): ReportFile => ({
  schema: reportSchema,
  runs: inOrder(runs).map(runReport),
  trends: runs.length === 1 ? [] : trendsOfRuns(runs),
})

function runReport(run: Run): RunReport {
  const { id, campaign, question, status, quick, startedAt, finishedAt, seed, blocks, baseline } = run.header
  const { environment, variants, scenarios, warnings } = run.header
  const comparison = compareRun(run)
  const view = viewOf(run, comparison)
  return {
    ...{ id, campaign, question, status, quick, startedAt, finishedAt, seed, blocks, baseline },
    fingerprint: environment.fingerprint,
    commit: environment.git?.commit ?? null,
    answer: textOf(answerOf(view)),
    variants,
    scenarios: scenarios.map(({ name, description, primary }) => ({ name, description, primary })),
    comparison,
    paired: view.paired,
    claims: claimsFile(run).claims,
    saturation: view.saturation,
    ablation: [...view.ablation],
    profiled: run.header.profiled ?? null,
    trials: run.records.length,
    unusable: unusableOf(run),
    warnings,
  }
}

const unusableOf = ({ records }: Run): RunReport['unusable'] =>
  records.filter(isConcerned).map((record) => ({
    trial: record.trial,
    scenario: record.scenario,
    variant: record.variant,
    block: record.key.block,
    isFailed: record.failure !== undefined,
    reasons: [...(record.failure ? [record.failure.message] : []), ...record.invalid.map(reasonOf)],
  }))

/** `paced: the generator was late`, `paced above p50: the generator was late` */
const reasonOf = (invalidity: Invalidity): string => {
  const { scenario, phase, message } = invalidity
  const part = `${scenario ?? phase ?? ''}${aboveInWords(invalidity)}`.trim()
  return part === '' ? message : `${part}: ${message}`
}
