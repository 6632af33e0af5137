import { partOf, saturationPlan, stepOf } from '../config/saturation-steps.ts'
import type { LoadedConfig } from '../config.ts'
import {
  type Claim,
  type ComparisonPlan,
  type Environment,
  type PlanDigest,
  type RunHeader,
  runSchema,
} from '../record/schema.ts'
import { safeName } from '../record/store.ts'
import { readEntry } from '../target/process-tree.ts'
import { loadDigestOf } from './digest.ts'
import { type Feasible, isInBlocks, needInWords, needsOfClaim } from './needs.ts'
import type { PreparedScenario } from './prepare.ts'
import type { CampaignRequest } from './request.ts'

/** What a run is planned from, all of it known before the first trial. */
export interface HeaderFacts {
  request: CampaignRequest
  blocks: number
  feasible: Feasible
  scenarios: ReadonlyMap<string, PreparedScenario>
  environment: Environment
  plan: PlanDigest
  comparison: ComparisonPlan | null
  /** Of variants that run in another checkout. */
  checkouts: ReadonlyMap<string, Environment['git']>
}

/** The header of a run that begins now. */
export function makeHeader(config: LoadedConfig, facts: HeaderFacts): RunHeader {
  const { request, blocks, feasible, scenarios, environment, plan, comparison, checkouts } = facts
  const { campaign, name, quick, seed } = request
  const startedAt = new Date().toISOString()
  const run = new Set(feasible.cells.flatMap(({ variants }) => variants))
  const { ablation } = campaign
  const saturation = saturationPlan(campaign, feasible.cells)
  return {
    schema: runSchema,
    id: `${startedAt.slice(0, 23).replace(/[:.]/g, '-')}-${safeName(name)}${quick ? '-quick' : ''}`,
    campaign: name,
    question: campaign.question,
    startedAt,
    finishedAt: null,
    status: 'running',
    seed,
    quick,
    blocks,
    baseline: campaign.baseline,
    variants: campaign.variants
      .filter((variant) => run.has(variant))
      .map((variant) => ({
        name: variant,
        description: config.variants[variant]!.description,
        ...(checkouts.has(variant) ? { git: checkouts.get(variant)! } : {}),
      })),
    scenarios: [...scenarios]
      .filter(([scenario]) => isRun(campaign, scenario))
      .map(([scenario, prepared]) => headerScenario(config, campaign, scenario, prepared)),
    cells: feasible.cells.filter(({ scenario }) => isInBlocks(campaign, scenario)),
    ...(saturation ? { saturation } : {}),
    ...(campaign.claims ? { claims: claimsOf(config, campaign) } : {}),
    ...(ablation ? { ablation: { together: ablation.together ?? null, of: ablation.of ?? null } } : {}),
    ...(comparison ? { comparison } : {}),
    ...(request.comparison?.gate ? { gate: request.comparison.gate } : {}),
    ...(request.profile ? { profiled: { tool: request.profile.tool, pages: [], problems: [] } } : {}),
    ...(feasible.missing.length > 0 ? { missing: feasible.missing } : {}),
    plan,
    asked: request.asked,
    ...writer(),
    environment,
    warnings: feasible.missing.map((missing) => `Left out, since something is missing here: ${needInWords(missing)}`),
  }
}

/** What a search tries is a step of its own each time; the scenario itself is never run. */
const isRun = (campaign: CampaignRequest['campaign'], scenario: string): boolean =>
  partOf(campaign, scenario) !== 'rate'

/** What a header says of a scenario. */
export function headerScenario(
  { dir }: LoadedConfig,
  campaign: CampaignRequest['campaign'],
  name: string,
  prepared: PreparedScenario,
): RunHeader['scenarios'][number] {
  const step = stepOf(campaign, name)
  const { script, primary, description, facts } = prepared
  return {
    name,
    script: script.startsWith(`${dir}/`) ? script.slice(dir.length + 1) : script,
    primary,
    description,
    capacity: facts.notes.capacity,
    declared: facts.declared ?? [],
    loadDigest: loadDigestOf(prepared),
    ...(step ? { step } : {}),
  }
}

const claimsOf = (config: LoadedConfig, { claims = [] }: CampaignRequest['campaign']): Claim[] =>
  claims.map((claim) => ({
    ...claim,
    row: claim.row ?? null,
    needs: needsOfClaim(config, claim),
    note: claim.note ?? null,
  }))

/** This process, where it can be told from a later one with its pid. */
export function writer(): Pick<RunHeader, 'writer'> {
  const entry = readEntry(process.pid)
  return entry ? { writer: { pid: entry.pid, startTime: entry.startTime } } : {}
}
