import { type AblationOf, ablationOf } from '../harness/compare/ablation.ts'
import type { CampaignComparison, Comparison } from '../harness/compare/campaign.ts'
import { trialsABlock, variantsUnder } from '../harness/compare/cells.ts'
import { type ClaimResult, testClaims } from '../harness/compare/claims.ts'
import { observedOnce } from '../harness/compare/observed.ts'
import { type ComparisonResult, comparePairs } from '../harness/compare/paired-comparison.ts'
import { primaryId } from '../harness/compare/pairs.ts'
import { type Saturation, saturationOf } from '../harness/compare/saturation/saturation.ts'
import { checkLimits, type LimitResult } from '../harness/gate/limits.ts'
import { sameStat } from '../harness/metrics/stat.ts'
import { describeMetric, type MetricRow } from '../harness/metrics/table.ts'
import type { Observation, Run, RunHeader, Scope, TrialRecord } from '../harness/record/schema.ts'
import { rowOf } from './data/metric-row.ts'
import { latestTrials, sameScope } from './data/usable.ts'

export { rowOf }

/** What the sections and charts of a page are made from: a run and its comparison, sorted by scenario and variant. */
export interface View {
  header: RunHeader
  /** All trials, those that were run again included. */
  records: readonly TrialRecord[]
  comparison: CampaignComparison
  variants: readonly VariantView[]
  scenarios: readonly ScenarioView[]
  /** Those that have charts: all of them; of a saturation, whose scenarios are steps, the sweep as one. */
  charted: readonly ScenarioView[]
  /** How much each variant can take, where that was asked; else null. */
  saturation: Saturation | null
  /** Numbers of the blocks of which every trial has left a record. */
  blocksIn: readonly number[]
  /** Of a campaign that tests claims, each with what was measured; else none. */
  claims: readonly ClaimResult[]
  /** Of an ablation what each optimisation is worth, number by number; else none. */
  ablation: readonly AblationOf[]
  /** Of a gate what it asks of the head alone; else none. */
  limits: readonly LimitResult[]
  /** Of two variants that were compared pair by pair; else null. */
  paired: ComparisonResult | null
}

export interface VariantView {
  name: string
  description: string
  isBaseline: boolean
  /** Place in the run's list of variants: decides colour and marker, the same all over the page. */
  index: number
}

export interface ScenarioView {
  name: string
  description: string
  script: string
  primary: PrimaryMetric
  /** Those that run under it. */
  variants: readonly VariantView[]
  /** Its trials in the order in which they ran, one for each variant and block. */
  records: readonly TrialRecord[]
  comparisons: readonly Comparison[]
}

/** The one metric of a scenario that gets a verdict. */
export interface PrimaryMetric {
  metric: string
  stat: string
  scope: Scope
  row: MetricRow
}

export function viewOf(run: Run, comparison: CampaignComparison): View {
  const { header, records } = run
  const variants = header.variants.map((variant, index) => ({
    ...variant,
    index,
    isBaseline: variant.name === header.baseline,
  }))
  const saturation = saturationOf(run)
  const viewed = header.scenarios
    .filter(({ step }) => step === undefined)
    .map((scenario) => scenarioView(scenario, variants, run, comparison))
  return {
    header,
    records,
    comparison,
    variants,
    scenarios: viewed,
    charted: saturation ? sweepView(saturation, variants, run) : viewed,
    saturation,
    blocksIn: blocksIn(run),
    claims: testClaims(run),
    ablation: ablationOf(run),
    limits: checkLimits(run),
    paired: header.comparison ? comparePairs(run) : null,
  }
}

/** The steps of a sweep as one scenario; its trials are no trials of one load, and so not among its records. */
function sweepView({ plan }: Saturation, variants: readonly VariantView[], { header }: Run): ScenarioView[] {
  const step = header.scenarios.find((each) => each.step?.kind === 'connections')
  if (!step) return []
  const name = plan.sweep.scenario
  const facts = { name, description: '', script: step.script, records: [], comparisons: [] }
  return [{ ...facts, variants, primary: primaryOf(step.primary, []) }]
}

function scenarioView(
  scenario: RunHeader['scenarios'][number],
  variants: readonly VariantView[],
  run: Run,
  comparison: CampaignComparison,
): ScenarioView {
  const records = latestTrials(run.records.filter((record) => record.scenario === scenario.name))
  const planned = variantsUnder(run.header, scenario.name).map(({ name }) => name)
  return {
    ...scenario,
    records,
    variants: variants.filter(({ name }) => planned.includes(name)),
    primary: primaryOf(scenario.primary, records),
    comparisons: comparison.comparisons.filter((each) => each.scenario === scenario.name),
  }
}

function primaryOf(selector: string, records: readonly TrialRecord[]): PrimaryMetric {
  const { metric, stat, scope } = primaryId(selector)
  const observed = observedOnce(records).find((each) => each.metric === metric)
  return { metric, stat, scope, row: observed ? rowOf(observed) : describeMetric(metric) }
}

const blocksIn = ({ header, records }: Run): number[] => {
  const inBlock = (block: number) => latestTrials(records.filter(({ key }) => key.block === block)).length
  const numbers = [...new Set(records.map(({ key }) => key.block))].sort((a, b) => a - b)
  return numbers.filter((block) => block <= header.blocks && inBlock(block) >= trialsABlock(header))
}

/** The variants that are compared with the baseline. */
export const challengers = (view: View): VariantView[] => view.variants.filter((variant) => !variant.isBaseline)

export const primaryComparison = (scenario: ScenarioView, variant: VariantView): Comparison | undefined =>
  scenario.comparisons.find((each) => each.primary && each.variant === variant.name)

export const findComparison = (
  scenario: ScenarioView,
  variant: VariantView,
  number: Pick<Observation, 'metric' | 'stat'> & Scope,
): Comparison | undefined =>
  scenario.comparisons.find(
    (each) =>
      each.variant === variant.name &&
      each.metric === number.metric &&
      sameStat(each.stat, number.stat) &&
      sameScope(each.scope, number),
  )
