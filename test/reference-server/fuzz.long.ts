import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { it } from 'node:test'
import { fuzzRound, seedOf } from './fuzz/round.ts'
import { FuzzTarget } from './fuzz/target.ts'

const connections = 700
/** Twice as many connections may not keep more than this: a leak of 12 kB each would. */
const mostGrowth = 8_000_000

for (const variant of ['optimized', 'legacy']) {
  it(`Thousands of hostile connections leave nothing behind in ${variant}, no memory either`, async (t) => {
    const seed = seedOf(randomInt(1_000_000_000))
    t.diagnostic(`FUZZ_SEED=${seed}`)
    const target = await FuzzTarget.start(variant)
    t.after(() => target.stop())
    await fuzzRound(target, seed, connections)
    await target.assertWell()
    const once = await target.bytesInUse()
    await fuzzRound(target, seed + connections, connections)
    await target.assertWell()
    const growth = (await target.bytesInUse()) - once
    t.diagnostic(`${once} bytes in use after a round, ${growth} more after two`)
    assert.ok(growth < mostGrowth, `${growth} bytes more in use after twice as many connections`)
  })
}
