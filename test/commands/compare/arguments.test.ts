import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArguments } from '../../../harness/commands/arguments.ts'
import { compareOptions, readAsk } from '../../../harness/commands/compare/arguments.ts'
import { comparisonRequest } from '../../../harness/commands/compare/ask.ts'
import { checkConfig, type LoadedConfig } from '../../../harness/config.ts'

const launched = { command: ['node', 'server.js', '{port}'], ready: { tcp: true } }
const config: LoadedConfig = {
  ...checkConfig(
    {
      variants: { old: launched, new: launched, far: { url: 'http://127.0.0.1:9' } },
      scenarios: {
        boot: { script: 'a.js' },
        turns: { script: 'a.js', pairs: { env: { SECONDS: '3' } } },
        cold: { script: 'a.js', target: { env: { COLD: '1' } } },
      },
      campaigns: {},
    },
    'c',
  ),
  dir: '/nowhere',
  file: '/nowhere/weir.config.ts',
}

const ask = (...args: string[]) => readAsk(config, readArguments(args, compareOptions))
const request = async (...args: string[]) => comparisonRequest(config, await ask(...args)).request

test('Two variants are enough: the first scenario with settings for pairs, five minutes, the usual metrics', async () => {
  const { against, variant, scenarios, budgetMs, mostPairs, metrics, seed } = await ask('old', 'new')
  assert.deepEqual([against, variant, scenarios, budgetMs, mostPairs], ['old', 'new', ['turns'], 300_000, 80])
  assert.equal(metrics.size, 0)
  assert.ok(Number.isInteger(seed))
})

test('Scenarios, metrics, budget, pairs and seed are as asked for', async () => {
  const { scenarios, budgetMs, mostPairs, metrics, seed } = await ask(
    ...['old', 'new', '--scenario', 'turns,boot', '--scenario', 'boot', '--budget', '90s', '--pairs', '12'],
    ...['--seed', '7', '--metric', 'a{scenario:x,phase:y} p(99.0)', '--metric', 'target_boot value'],
  )
  assert.deepEqual([scenarios, budgetMs, mostPairs, seed], [['turns', 'boot'], 90_000, 12, 7])
  for (const name of scenarios) {
    assert.deepEqual(
      metrics.get(name)!.map(({ scenario, metric }) => [scenario, metric]),
      [
        [name, 'a{scenario:x,phase:y} p(99)'],
        [name, 'target_boot value'],
      ],
    )
  }
})

test('A margin is that of named metrics, and of those that nobody names', async () => {
  const scenario = { name: 'turns', primary: 'p value', phases: ['main'], declared: [], instructionsCounted: false }
  const marginsOf = async (...args: string[]) => {
    const metrics = (await request('old', 'new', ...args)).comparison!.metricsOf(scenario)
    return [...new Set(metrics.map(({ margins }) => JSON.stringify(margins)))].map((text) => JSON.parse(text))
  }
  assert.deepEqual(await marginsOf(), [{ change: 0.01, equivalence: 0.03 }])
  assert.deepEqual(await marginsOf('--margin', '0%'), [{ change: 0, equivalence: 0 }])
  const named = ['--metric', 'target_boot value', '--metric', 'iterations rate']
  assert.deepEqual(await marginsOf('--margin', '5%', ...named), [{ change: 0.05, equivalence: 0.05 }])
})

test('A rate that a saturation searches for is a scenario as any other', async () => {
  const campaign = { question: 'How much?', variants: ['old'], baseline: 'old', blocks: 1 }
  const rate = { scenario: 'boot', variable: 'RATE', from: 10, to: 100 }
  const searching = {
    ...config,
    ...checkConfig(
      {
        variants: { old: launched, new: launched },
        scenarios: { boot: { script: 'a.js' }, turn: { engine: 'autocannon', script: 'turn.ts' } },
        campaigns: { most: { ...campaign, saturation: { sweep: { scenario: 'turn' }, rate } } },
      },
      'c',
    ),
  }
  const asked = (scenario: string) =>
    readAsk(searching, readArguments(['old', 'new', '--scenario', scenario], compareOptions))
  const { config: whole, request } = comparisonRequest(searching, await asked('boot@40'))
  assert.deepEqual(request.campaign.scenarios, ['boot@40'])
  assert.equal(whole.scenarios['boot@40']!.env.RATE, '40')
  await assert.rejects(asked('boot@400'), /scenario "boot@400": expected a rate that is searched for: from 10 to 100/)
})

test('The run is one of two variants, with pairs to spare for those that are not valid', async () => {
  const { name, campaign, comparison, asked } = await request('old', 'new', '--pairs', '20')
  assert.equal(name, 'new against old')
  assert.deepEqual(
    [campaign.variants, campaign.baseline, campaign.scenarios, campaign.blocks],
    [['old', 'new'], 'old', ['turns'], 30],
  )
  assert.deepEqual([comparison!.variant, comparison!.against, comparison!.mostPairs], ['new', 'old', 20])
  assert.equal(asked.blocks, 20)
})

test('Where weir starts both variants their cost is a gate metric, else the primary metric alone', async () => {
  const scenario = { name: 'turns', primary: 'p value', phases: ['main'], declared: [], instructionsCounted: false }
  const metricsOf = async (variant: string) =>
    (await request('old', variant)).comparison!.metricsOf(scenario).map(({ metric }) => metric)
  assert.deepEqual(await metricsOf('new'), ['target_cpu_per_op{phase:main} value', 'p value'])
  assert.deepEqual(await metricsOf('far'), ['p value'])
})

test('A metric that there cannot be is refused before the first pair, one that the script declares is not', async () => {
  const outlook = { name: 'turns', primary: 'p value', phases: ['main'], instructionsCounted: false }
  const { comparison } = await request('old', 'new', '--metric', 'http_req_durations p(50)', '--metric', 'answer rate')
  assert.throws(
    () => comparison!.metricsOf({ ...outlook, declared: [] }),
    /^UserError: scenario "turns": gate metric "http_req_durations" does not exist\. Did you mean "http_req_duration"\?/,
  )
  const declared = [
    { name: 'http_req_durations', kind: 'trend' as const },
    { name: 'answer', kind: 'rate' as const },
  ]
  assert.equal(comparison!.metricsOf({ ...outlook, declared }).length, 2)
})

const refused: [args: string[], message: RegExp][] = [
  [[], /takes two variants, .* found 0\. There is: old, new, far/],
  [['old', 'new', 'far'], /takes two variants, .* found 3/],
  [['old', 'nwe'], /variant "nwe" does not exist\. Did you mean "new"\?/],
  [['old', 'old'], /would be compared with itself\. weir noise/],
  [['old', 'new', '--scenario', 'turn'], /scenario "turn" does not exist/],
  [['old', 'new', '--budget', 'soon'], /option --budget: "soon" is not a duration/],
  [['old', 'new', '--budget', '0s'], /option --budget: expected a duration above zero/],
  [['old', 'new', '--pairs', '9'], /option --pairs: expected a whole number of at least 10, found "9"/],
  [['old', 'new', '--pairs', '81'], /option --pairs: expected at most 80, found 81/],
  [['old', 'new', '--margin', '5'], /option --margin: expected a share below 100%, such as 0\.5%, found "5"/],
  [['old', 'new', '--margin', '-1%'], /option --margin/],
  [['old', 'new', '--margin', '100%'], /option --margin: expected a share below 100%/],
  [['old', 'new', '--metric', 'a b c'], /"a b c", column 3: expected a statistic/],
  [['old', 'far', '--scenario', 'cold'], /sets target\.env, and variant "far" is reached by its URL/],
  [
    ['old', 'new', '--resume', '--budget', '1m', '--metric', 'a value'],
    /--resume cannot stand beside --budget, --metric/,
  ],
  [['old', 'new', '--resume'], /there is no run of campaign "new against old"/],
  [['old', 'new@../nowhere'], /variant "new@\.\.\/nowhere": there is no folder/],
]
for (const [args, message] of refused)
  test(`weir compare ${args.join(' ')} is refused`, () => assert.rejects(request(...args), message))

test('Who has several scenarios and settings for pairs in none is asked which', async () => {
  const { turns, ...others } = config.scenarios
  const parsed = readArguments(['old', 'new'], compareOptions)
  await assert.rejects(readAsk({ ...config, scenarios: others }, parsed), /which scenario\? .* There is: boot, cold/)
  const only = await readAsk({ ...config, scenarios: { boot: others.boot! } }, parsed)
  assert.deepEqual(only.scenarios, ['boot'])
})
