import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { VariantName } from '../../../reference-server/variants.ts'
import { readMetrics } from '../support/client.ts'
import { type Services, startGateway, startServices } from '../support/processes.ts'

/** The most expensive of what tools work with is the compiler, with which one of them reads source. */
const atStart: { variant: VariantName; tools: number; compiler: boolean; pools: number }[] = [
  { variant: 'optimized', tools: 0, compiler: false, pools: 0 },
  { variant: 'pool-per-call', tools: 0, compiler: false, pools: 0 },
  // Its threads stay, and have loaded the compiler: see the pools of threads.
  { variant: 'eager-tools', tools: 13, compiler: false, pools: 1 },
  { variant: 'legacy', tools: 13, compiler: true, pools: 0 },
]

describe('A gateway that has just started', () => {
  let services: Services
  before(async () => {
    services = await startServices()
  })
  after(() => services?.stop())

  for (const { variant, tools, compiler, pools } of atStart) {
    const where = compiler ? 'with what their work needs' : 'without what their work needs'
    it(`as ${variant} has loaded ${tools} tools, ${where} in its own thread, and made ${pools} pools`, async (t) => {
      const preload = join(import.meta.dirname, 'tell-modules.cjs')
      const gateway = await startGateway(variant, { ...services.env, NODE_OPTIONS: `--require ${preload}` })
      t.after(() => gateway.stop())
      const { gateway_tools_loaded, gateway_work_pools_made } = await readMetrics(gateway.url)
      assert.deepEqual([gateway_tools_loaded, gateway_work_pools_made], [tools, pools])
      assert.match((await gateway.stop()).output, new RegExp(`^compiler loaded: ${compiler}$`, 'm'))
    })
  }
})
