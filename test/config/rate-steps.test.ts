import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unsetRate, withAskedRate, withRate } from '../../harness/config/rate-steps.ts'
import { checkConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'

const search = (variable: string, from: number, to: number) => ({
  ...{ question: 'How much?', variants: ['one'], baseline: 'one', blocks: 1 },
  saturation: { sweep: { scenario: 'turn' }, rate: { scenario: 'paced', variable, from, to } },
})

const config = (campaigns: object, more: object = {}) =>
  checkConfig(
    {
      variants: { one: { url: 'http://127.0.0.1:9' } },
      scenarios: {
        turn: { engine: 'autocannon', script: 'turn.ts' },
        paced: {
          script: 'paced.js',
          env: { SECONDS: '5' },
          quick: { env: { RATE: '1' } },
          pairs: { env: { RATE: '2' } },
        },
        ...more,
      },
      campaigns,
    },
    'weir.config.ts',
  )

test('The step at a rate is its scenario with the variable set, with --quick and in pairs, too', () => {
  const { scenarios, campaigns } = config({ most: search('RATE', 10, 100) })
  const step = withRate(scenarios, campaigns.most!, 40)
  assert.equal(step.name, 'paced@40')
  assert.deepEqual(step.scenarios['paced@40']!.env, { SECONDS: '5', RATE: '40' })
  assert.equal(step.scenarios['paced@40']!.quick!.env.RATE, '40')
  assert.equal(step.scenarios['paced@40']!.pairs!.env.RATE, '40')
})

test('A rate that is asked for by name is made of the search that tries it, nothing else is touched', () => {
  const read = config({ most: search('RATE', 10, 100), high: search('RATE', 200, 400) })
  assert.equal(withAskedRate(read, 'paced@300').scenarios['paced@300']!.env.RATE, '300')
  for (const name of ['paced', 'turn@50', 'turn@7', 'paced@fast', 'other@50'])
    assert.equal(withAskedRate(read, name), read)
  const own = config({ most: search('RATE', 10, 100) }, { 'paced@500': { script: 'mine.js' } })
  assert.equal(withAskedRate(own, 'paced@500'), own)
})

const refused: [what: string, campaigns: object, told: string][] = [
  [
    'that nothing tries',
    { most: search('RATE', 10, 49), high: search('RATE', 200, 400) },
    'scenario "paced@50": expected a rate that is searched for: from 10 to 49 (campaigns.most), or 200 to 400 (campaigns.high)',
  ],
  [
    'of which two searches mean other things',
    { reads: search('READS', 10, 100), writes: search('WRITES', 10, 100) },
    'scenario "paced@50": campaigns.reads sets READS of "paced", campaigns.writes WRITES: write a scenario that has one of them in its env',
  ],
]
for (const [what, campaigns, told] of refused)
  test(`A rate ${what} is refused by name`, () => {
    assert.throws(
      () => withAskedRate(config(campaigns), 'paced@50'),
      (error) => error instanceof UserError && error.message === told,
    )
  })

test('A scenario whose rate a search sets is told what to do, unless it has one', () => {
  const read = config({ most: search('RATE', 10, 100) })
  assert.equal(
    unsetRate(read, 'paced', { SECONDS: '5' }),
    'RATE is not set, which campaigns.most sets for each of its tries: ask for "paced@10" or another rate, or write RATE into scenarios.paced.env',
  )
  assert.equal(unsetRate(read, 'paced', { RATE: '5' }), null)
  assert.equal(unsetRate(read, 'turn', {}), null)
})
