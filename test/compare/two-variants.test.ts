import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../harness/compare/campaign.ts'
import { compareTwo } from '../../harness/compare/two-variants.ts'
import { goldenRun } from '../support/records.ts'

const golden = goldenRun({ samples: 400 })
const ofMutex = {
  ...golden,
  records: golden.records.filter(({ key, variant }) => key.block < 3 || variant !== 'mutex'),
}

for (const [name, run] of [
  ['a whole campaign', golden],
  ['one in which a trial is missing', ofMutex],
] as const) {
  test(`Against the baseline of ${name} it says what the campaign’s comparison says.`, () => {
    const all = compareRun(run).comparisons
    for (const variant of ['polling', 'per-call-client', 'mutex']) {
      assert.deepEqual(
        compareTwo(run, 'optimized', variant).comparisons,
        all.filter((each) => each.variant === variant),
      )
    }
  })
}

test('Two that are no baseline are paired block by block, and swapped they say the opposite.', () => {
  const primaryOf = (a: string, b: string) =>
    compareTwo(golden, a, b).comparisons.find(({ primary, scenario }) => primary && scenario === 'turns')!
  const [there, back] = [primaryOf('mutex', 'polling'), primaryOf('polling', 'mutex')]
  assert.deepEqual([there.against, there.variant, there.pairs, there.verdict], ['mutex', 'polling', 3, 'regressed'])
  assert.equal(back.verdict, 'improved')
  assert.ok(Math.abs((1 + there.estimate!) * (1 + back.estimate!) - 1) < 1e-12)
})

test('One that does not run under a scenario has no row there.', () => {
  const cells = [{ scenario: 'turns', variants: ['optimized', 'polling'] }]
  const run = {
    header: { ...golden.header, cells },
    records: golden.records.filter(({ scenario, variant }) => scenario !== 'turns' || variant !== 'mutex'),
  }
  const { comparisons } = compareTwo(run, 'polling', 'mutex')
  assert.deepEqual([...new Set(comparisons.map(({ scenario }) => scenario))], ['ten-thousand-sessions'])
})
