import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadedConfig } from '../config.ts'
import { readEnvironment } from '../record/environment.ts'
import type { RunHeader } from '../record/schema.ts'
import { createRun, type StoredRun } from '../record/store.ts'
import type { TrialSetting } from '../trial.ts'
import { gitOfCheckouts } from './checkouts.ts'
import { planComparison } from './comparison.ts'
import { assertSamePlan, digestOf } from './digest.ts'
import { makeHeader } from './header.ts'
import type { Feasible } from './needs.ts'
import type { PreparedScenario } from './prepare.ts'
import type { CampaignRequest } from './request.ts'
import { takeUp } from './resume.ts'

/** A new run, or the one to go on with. */
export async function openRun(
  config: LoadedConfig,
  request: CampaignRequest,
  feasible: Feasible,
  scenarios: ReadonlyMap<string, PreparedScenario>,
  instructionsCounted: boolean,
): Promise<StoredRun> {
  const plan = await digestOf(config, request, feasible, scenarios)
  const environment = await readEnvironment(config.dir, instructionsCounted)
  const { resume } = request
  if (resume) {
    assertSamePlan(resume.header, plan, environment)
    return await takeUp(resume)
  }
  const comparison = request.comparison ? planComparison(request.comparison, scenarios, instructionsCounted) : null
  const blocks = blocksOf(request)
  const checkouts = await gitOfCheckouts(config, request.campaign.variants, environment.git)
  const facts = { request, blocks, feasible, scenarios, environment, plan, comparison, checkouts }
  const header: RunHeader = makeHeader(config, facts)
  return await createRun(header, join(config.dir, '.weir', 'runs'))
}

const blocksOf = ({ campaign, quick }: CampaignRequest): number => (quick ? campaign.quick.blocks : campaign.blocks)

/** What all trials of a run share. */
export async function makeSetting(
  config: LoadedConfig,
  { profile }: CampaignRequest,
  { dir: runDir, header }: StoredRun,
  notCounted: string | null,
): Promise<Omit<TrialSetting, 'engine' | 'pinning'>> {
  const scratchDir = join(runDir, 'scratch')
  // What a run that was killed left there is of no trial any more.
  await rm(scratchDir, { recursive: true, force: true })
  await mkdir(scratchDir, { recursive: true })
  return {
    config,
    logsDir: join(runDir, 'logs'),
    stateDir: join(config.dir, '.weir'),
    scratchDir,
    notCounted,
    machine: header.environment.fingerprint,
    ...(profile ? { profiler: profile.profiler } : {}),
  }
}
