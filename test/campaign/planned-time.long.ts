import assert from 'node:assert/strict'
import { test } from 'node:test'
import { feasibleCells } from '../../harness/campaign/needs.ts'
import { plannedSeconds, prepareScenarios } from '../../harness/campaign/prepare.ts'
import { type CampaignConfig, loadConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'

const config = await loadConfig('weir.config.ts', `${import.meta.dirname}/../..`)
/** What the reference campaigns are made for: two cores, and everything installed. */
const machine = { isInstalled: () => true, cores: 2, engines: Object.keys(engines) }

async function plannedS(campaign: CampaignConfig, length: 'full' | 'quick', signal: AbortSignal): Promise<number> {
  const { cells } = feasibleCells(config, campaign, machine)
  const prepared = await prepareScenarios(config, cells, { length, stateDir: '/state' }, engines, signal)
  const seconds = cells.map(({ scenario, variants }) => variants.length * plannedSeconds(prepared.get(scenario)!))
  const { blocks } = length === 'quick' ? campaign.quick : campaign
  return blocks * seconds.reduce((sum, each) => sum + each, 0)
}

for (const name of ['claims', 'ablation']) {
  // Under 6 minutes are asked for, also of a machine that has other things to do.
  test(`A quick run of the campaign ${name} is planned to take at most five minutes`, async (t) => {
    const seconds = await plannedS(config.campaigns[name]!, 'quick', t.signal)
    assert.ok(seconds <= 300, `${seconds} s`)
  })

  test(`The campaign ${name} is planned to take about an hour`, async (t) => {
    const minutes = (await plannedS(config.campaigns[name]!, 'full', t.signal)) / 60
    assert.ok(minutes <= 70, `${minutes} min`)
  })
}
