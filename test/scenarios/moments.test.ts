import assert from 'node:assert/strict'
import { it } from 'node:test'
import { variantNames } from '../../reference-server/variants.ts'
import { longestWaitMs } from '../../scenarios/lib/moments.ts'

it('Interrupts meet all moments of every period alike in which a variant looks for them', () => {
  const periodsMs = variantNames.flatMap((name) => /^interrupt-polling-(\d+)$/.exec(name)?.[1] ?? []).map(Number)
  assert.deepEqual(periodsMs, [300, 50])
  for (const periodMs of periodsMs) assert.equal(longestWaitMs % periodMs, 0, `${periodMs} ms`)
})
