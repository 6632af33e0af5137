import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArguments } from '../../harness/commands/arguments.ts'
import { readRequest, runOptions } from '../../harness/commands/run/request.ts'
import { checkConfig } from '../../harness/config.ts'

const variant = { url: 'http://127.0.0.1:9' }
const claim = (id: string, scenario: string, name: string) => ({
  id,
  statement: '',
  scenario,
  variant: name,
  metric: 'm value',
  claimed: { ratio: { above: 1 } },
})

const config = {
  ...checkConfig(
    {
      variants: { base: variant, polling: variant, mutex: variant },
      scenarios: { turns: { script: 'a.js' }, boot: { script: 'a.js' } },
      campaigns: {
        main: { question: '', baseline: 'base', variants: ['base', 'polling'], scenarios: ['turns'], blocks: 3 },
        claims: {
          question: '',
          baseline: 'base',
          blocks: 4,
          claims: [claim('a', 'turns', 'polling'), claim('b', 'turns', 'mutex'), claim('c', 'boot', 'mutex')],
        },
      },
    },
    'c',
  ),
  dir: '/nowhere',
  file: '/nowhere/weir.config.ts',
}

const ask = (...args: string[]) => readRequest(config, readArguments(args, runOptions))

const narrowed: [args: string[], claims: string[], variants: string[], scenarios: string[]][] = [
  [[], ['a', 'b', 'c'], ['base', 'polling', 'mutex'], ['turns', 'boot']],
  [
    ['--variant', 'mutex'],
    ['b', 'c'],
    ['base', 'mutex'],
    ['turns', 'boot'],
  ],
  [['--scenario', 'turns'], ['a', 'b'], ['base', 'polling', 'mutex'], ['turns']],
  [['--scenario', 'boot', '--variant', 'mutex,polling'], ['c'], ['base', 'mutex'], ['boot']],
]

for (const [args, ids, variants, scenarios] of narrowed) {
  test(`weir run claims ${args.join(' ')} tests the claims ${ids.join(', ')} and runs what they name`, async () => {
    const { campaign } = await ask('claims', ...args)
    assert.deepEqual(
      campaign.claims!.map(({ id }) => id),
      ids,
    )
    assert.deepEqual([campaign.variants, campaign.scenarios], [variants, scenarios])
  })
}

test('Where no claim is about what was asked for, that is said', async () => {
  await assert.rejects(
    ask('claims', '--scenario', 'boot', '--variant', 'polling'),
    /no claim is about what .* ask for\. There are claims about polling under turns; mutex under boot$/,
  )
})

test('Of variants and scenarios any that exist may be asked for; the baseline always runs', async () => {
  const { campaign } = await ask('main', '--variant', 'mutex', '--scenario', 'boot', '--blocks', '2')
  assert.deepEqual([campaign.variants, campaign.scenarios, campaign.blocks], [['base', 'mutex'], ['boot'], 2])
  await assert.rejects(ask('main', '--variant', 'mutx'), /variant "mutx" does not exist/)
})
