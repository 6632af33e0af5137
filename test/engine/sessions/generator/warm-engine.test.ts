import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWorthWarming, warmEngine } from '../../../../harness/engine/sessions/generator/warm-engine.ts'
import type { TestPlan } from '../../../../harness/engine/sessions/load-test/part.ts'
import { closeBundler } from '../../../../harness/engine/sessions/script/load.ts'

const listening = (): number => process.getActiveResourcesInfo().filter((name) => name.includes('TCPServer')).length

test('The engine warms itself at a server of its own, which is gone afterwards', async () => {
  await warmEngine()
  await closeBundler()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(listening(), 0)
})

test('Only loads of some length and of some users are worth it', () => {
  const plan = (durationS: number, maxVUs: number): TestPlan => ({ durationS, maxVUs }) as TestPlan
  assert.deepEqual(
    [plan(5, 20), plan(4, 1000), plan(600, 1)].map((each) => isWorthWarming(each)),
    [true, false, false],
  )
})
