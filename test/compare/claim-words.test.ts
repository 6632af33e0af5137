import assert from 'node:assert/strict'
import { it } from 'node:test'
import { claimedInWords } from '../../harness/compare/claim-words.ts'
import type { Claim, Claimed } from '../../harness/record/schema.ts'

const words = (claimed: Claimed): string =>
  claimedInWords({ claim: { claimed } as Claim, metricUnit: claimed && 'value' in claimed ? 'per second' : 'ms' })

it('What is claimed is written in four digits at most, with its unit once', () => {
  assert.equal(words({ ratio: { atLeast: 1 / 0.6 } }), '>= 1.667x')
  assert.equal(words({ ratio: { atMost: 0.1 } }), '<= 0.1x')
  assert.equal(words({ ratio: { from: 30, to: 300 } }), '30 to 300x')
  assert.equal(words({ difference: { from: 5, to: 20 } }), '+5 to +20 ms')
  assert.equal(words({ value: { atLeast: 100 } }), '>= 100/s')
})
