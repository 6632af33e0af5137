import assert from 'node:assert/strict'
import { test } from 'node:test'
import { feasibleCells } from '../../harness/campaign/needs.ts'
import { plannedSeconds, prepareScenarios } from '../../harness/campaign/prepare.ts'
import { loadConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'

const config = await loadConfig('weir.config.ts', `${import.meta.dirname}/../..`)
/** What the reference campaigns are made for: two cores, and everything installed. */
const machine = { isInstalled: () => true, cores: 2, engines: Object.keys(engines) }
/** Under 6 minutes are asked for, also of a machine that has other things to do. */
const mostS = 270

for (const name of ['claims', 'ablation']) {
  test(`A quick run of the campaign ${name} is planned to take at most four and a half minutes`, async (t) => {
    const campaign = config.campaigns[name]!
    const { cells } = feasibleCells(config, campaign, machine)
    const mode = { length: 'quick' as const, stateDir: '/state' }
    const prepared = await prepareScenarios(config, cells, mode, engines, t.signal)
    const seconds = cells.map(({ scenario, variants }) => variants.length * plannedSeconds(prepared.get(scenario)!))
    const plannedS = campaign.quick.blocks * seconds.reduce((sum, each) => sum + each, 0)
    assert.ok(plannedS <= mostS, `${plannedS} s`)
  })
}
