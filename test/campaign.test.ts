import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CampaignRequest, runCampaign } from '../harness/campaign.ts'
import { checkConfig, type LoadedConfig } from '../harness/config.ts'
import type { Engine } from '../harness/engine/port.ts'
import { fakeEngine, silent } from './support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-campaign-'))
after(() => rmSync(dir, { recursive: true }))
const checked = checkConfig(
  {
    variants: { one: { url: 'http://127.0.0.1:9' }, two: { url: 'http://127.0.0.1:10' } },
    scenarios: {
      a: { script: 'a.js', env: { SECONDS: '10', KEEP: 'x' }, quick: { env: { SECONDS: '1' } } },
      b: { script: 'b.js', primary: 'iterations rate' },
    },
    campaigns: {
      main: { question: 'Which?', variants: ['one', 'two'], baseline: 'one', scenarios: ['a', 'b'], blocks: 2 },
    },
  },
  'weir.config.ts',
)

/** The same config in a folder of its own: the runs of one folder are named by the second. */
function freshConfig(): LoadedConfig {
  const own = mkdtempSync(join(dir, 'own-'))
  for (const name of ['a.js', 'b.js']) writeFileSync(join(own, name), '')
  return { ...checked, dir: own, file: join(own, 'weir.config.ts') }
}

const request: CampaignRequest = {
  name: 'main',
  campaign: checked.campaigns.main!,
  quick: false,
  seed: 7,
  asked: { variants: [], scenarios: [], blocks: null },
}

test('A campaign runs every cell of every block and leaves a record of each', async () => {
  const engine = fakeEngine()
  const blocks: number[] = []
  const events = { ...silent, blockEnded: async (_run: unknown, block: number) => void blocks.push(block) }
  const { run, dir: runDir } = await runCampaign(
    freshConfig(),
    request,
    { sessions: engine },
    events,
    new AbortController().signal,
  )
  assert.equal(engine.inspected.length, 2, 'each script is read once, before anything starts')
  assert.equal(run.header.status, 'finished')
  assert.deepEqual(
    run.records.map(({ trial }) => trial),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  const cells = run.records.map(({ key, scenario, variant }) => `${key.block} ${scenario} ${variant} ${key.side}`)
  assert.deepEqual(
    cells.sort(),
    [1, 2].flatMap((block) => ['a one A', 'a two B', 'b one A', 'b two B'].map((cell) => `${block} ${cell}`)),
  )
  assert.deepEqual(blocks, [1, 2])
  assert.equal(readdirSync(join(runDir, 'records')).length, 8)
  assert.equal(readdirSync(runDir).includes('scratch'), false)
  assert.deepEqual(
    run.header.scenarios.map(({ name, script, primary }) => [name, script, primary]),
    [
      ['a', 'a.js', 'http_req_duration p(50)'],
      ['b', 'b.js', 'iterations rate'],
    ],
  )
})

test('A campaign of claims runs the trials that its claims ask for, and the record says which', async () => {
  const claim = (id: string, scenario: string, variant: string) => ({
    id,
    statement: '',
    scenario,
    variant,
    metric: 'iterations rate',
    claimed: { ratio: { above: 1 } },
  })
  const config = freshConfig()
  const { variants, scenarios, campaigns } = checkConfig(
    {
      variants: { ...checked.variants, three: { url: 'http://127.0.0.1:11', needs: ['many'] } },
      scenarios: { a: { script: 'a.js' }, b: { script: 'b.js', warmup: false } },
      needs: { many: { cores: 10_000 } },
      campaigns: {
        claims: {
          question: 'Is it true?',
          baseline: 'one',
          blocks: 2,
          claims: [claim('x', 'a', 'two'), claim('y', 'b', 'two'), claim('z', 'a', 'three')],
        },
      },
    },
    'c',
  )
  const needs = { many: { cores: 10_000, advice: '' } }
  const ofClaims = { ...request, name: 'claims', campaign: campaigns.claims! }
  const engine = fakeEngine()
  const { run } = await runCampaign(
    { ...config, variants, scenarios, campaigns, needs },
    ofClaims,
    { sessions: engine },
    silent,
    new AbortController().signal,
  )
  assert.deepEqual(
    run.records.map(({ scenario, variant }) => `${scenario} ${variant}`).sort(),
    [1, 2].flatMap(() => ['a one', 'a two', 'b one', 'b two']).sort(),
  )
  const { header } = run
  assert.deepEqual(header.cells, [
    { scenario: 'a', variants: ['one', 'two'] },
    { scenario: 'b', variants: ['one', 'two'] },
  ])
  assert.deepEqual(
    header.claims!.map(({ id, against, row, needs }) => [id, against, row, needs]),
    [
      ['x', 'one', null, []],
      ['y', 'one', null, []],
      ['z', 'one', null, ['many']],
    ],
  )
  assert.deepEqual(
    header.missing!.map(({ need, trialsABlock, claims }) => [need, trialsABlock, claims]),
    [['many', 1, ['z']]],
  )
  assert.deepEqual(
    header.variants.map(({ name }) => name),
    ['one', 'two'],
  )
  assert.match(header.warnings.join(), /^Left out, since something is missing here: many: 10000 cores are needed/)
})

test('A scenario is run by the engine that it names, which knows it before the first trial', async () => {
  const config = freshConfig()
  const scenarios = { ...config.scenarios, b: { ...config.scenarios.b!, engine: 'other' } }
  const [usual, other] = [fakeEngine(), { ...fakeEngine(), name: 'other' }]
  const engines = { sessions: usual, other }
  const { run } = await runCampaign({ ...config, scenarios }, request, engines, silent, new AbortController().signal)
  assert.deepEqual([...new Set(run.records.map(({ scenario, engine }) => `${scenario} ${engine}`))].sort(), [
    'a fake',
    'b other',
  ])
  assert.equal(usual.inspected.length, 1)
  assert.equal(other.inspected.length, 1)
})

test('A campaign none of whose trials can run here is refused before anything starts', async () => {
  const config = freshConfig()
  const needs = { many: { cores: 10_000, advice: 'buy one' } }
  const scenarios = Object.fromEntries(
    Object.entries(config.scenarios).map(([name, scenario]) => [name, { ...scenario, needs: ['many'] }]),
  )
  const engine = fakeEngine()
  await assert.rejects(
    runCampaign({ ...config, needs, scenarios }, request, { sessions: engine }, silent, new AbortController().signal),
    /^UserError: campaign "main" has no trial that can run here\. many: 10000 cores are needed, \d+ may be used: buy one$/,
  )
  assert.deepEqual(engine.inspected, [])
})

test('A scenario that wants a cold target has no warm-up, and the others have', async () => {
  const config = freshConfig()
  const scenarios = { ...config.scenarios, b: { ...config.scenarios.b!, warmup: false } }
  const engine = fakeEngine()
  const warmup = { script: 'a.js', env: { ON: '{stateDir}' } }
  await runCampaign(
    { ...config, scenarios, warmup },
    request,
    { sessions: engine },
    silent,
    new AbortController().signal,
  )
  for (const { script, warmup } of [...engine.inspected, ...engine.ran]) {
    assert.deepEqual(
      warmup && [warmup.script, warmup.env.ON],
      script.endsWith('b.js') ? undefined : [join(config.dir, 'a.js'), join(config.dir, '.weir')],
    )
  }
})

test('A quick one takes its own blocks and what is quick of each scenario', async () => {
  const engine = fakeEngine()
  const { run } = await runCampaign(
    freshConfig(),
    { ...request, quick: true },
    { sessions: engine },
    silent,
    new AbortController().signal,
  )
  assert.equal(run.records.length, 4)
  assert.equal(run.header.quick, true)
  const { SECONDS, KEEP } = engine.ran.find(({ script }) => script.endsWith('a.js'))!.env
  assert.deepEqual([SECONDS, KEEP], ['1', 'x'])
})

test('An interrupted campaign keeps the records of finished trials, none of the one that was cut off, and says so', async () => {
  const controller = new AbortController()
  let trials = 0
  const engine = fakeEngine(() => {
    if (++trials === 3) controller.abort()
  })
  const { run } = await runCampaign(freshConfig(), request, { sessions: engine }, silent, controller.signal)
  assert.equal(run.header.status, 'interrupted')
  assert.equal(engine.ran.length, 3)
  assert.deepEqual(
    run.records.map(({ trial }) => trial),
    [1, 2],
  )
})

test('A scenario without a primary metric, or with a script that is not there, stops the campaign before anything runs', async () => {
  const engine = fakeEngine()
  const { signal } = new AbortController()
  const config = freshConfig()
  const gone = { ...config, scenarios: { ...config.scenarios, b: { ...config.scenarios.b!, script: 'gone.js' } } }
  await assert.rejects(
    runCampaign(gone, request, { sessions: engine }, silent, signal),
    /scenarios\.b: the script "gone\.js" does not exist/,
  )
  const mute: Engine = {
    ...engine,
    inspect: async (job) => {
      const facts = await engine.inspect(job, new AbortController().signal)
      return { ...facts, notes: { ...facts.notes, primary: null } }
    },
  }
  await assert.rejects(
    runCampaign(freshConfig(), request, { sessions: mute }, silent, signal),
    /scenario "a" names no primary metric.*ext\.weir\.primary/,
  )
  assert.deepEqual(engine.ran, [])
})
