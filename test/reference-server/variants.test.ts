import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Parts } from '../../reference-server/parts.ts'
import { isVariantName, variants } from '../../reference-server/variants.ts'

const { optimized, ...ablations } = variants
/** Undoes everything at once, so it may differ in any number of parts. */
const exempt = 'legacy'

for (const [name, parts] of Object.entries<Parts>(ablations).filter(([name]) => name !== exempt)) {
  it(`The variant ${name} differs from optimized in exactly one part`, () => {
    const ports = Object.keys(optimized) as (keyof Parts)[]
    assert.deepEqual(Object.keys(parts), ports)
    assert.equal(ports.filter((port) => parts[port] !== optimized[port]).length, 1)
  })
}

it('Only the names in the table are variants', () => {
  assert.equal(isVariantName('optimized'), true)
  assert.equal(isVariantName('toString'), false)
})
