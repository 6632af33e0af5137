import { after, before, it } from 'node:test'
import { fuzzRound, seedOf } from './fuzz/round.ts'
import { FuzzTarget } from './fuzz/target.ts'

let target: FuzzTarget
before(async () => {
  target = await FuzzTarget.start('optimized')
})
after(() => target?.stop())

it('A hundred and twenty hostile connections get answers in words, and leave nothing behind', async (t) => {
  const seed = seedOf(1)
  t.diagnostic(`FUZZ_SEED=${seed}`)
  await fuzzRound(target, seed, 120)
  await target.assertWell()
})
