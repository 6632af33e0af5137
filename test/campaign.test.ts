import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CampaignEvents, type CampaignRequest, runCampaign } from '../harness/campaign.ts'
import { checkConfig, type LoadedConfig } from '../harness/config.ts'
import type { Engine, LoadJob } from '../harness/engine/port.ts'
import { loadResult, metricResult, trend } from './support/load-result.ts'

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

/** An engine that measures nothing and keeps what it was asked for. */
function fakeEngine(onRun: () => void = () => {}): Engine & { inspected: LoadJob[]; ran: LoadJob[] } {
  const [inspected, ran]: [LoadJob[], LoadJob[]] = [[], []]
  const notes = {
    primary: 'http_req_duration p(50)',
    operation: 'iterations',
    capacity: [],
    sessionsHeldIn: null,
    phases: null,
    voidUnless: [],
  }
  const phases = [{ name: 'default', startS: 0, endS: 1 }]
  const { metric, histogram } = trend('http_req_duration', [1, 2, 3])
  const iterations = metricResult({ metric: 'iterations', kind: 'counter', count: 3, sum: 3 })
  return {
    name: 'fake',
    inspected,
    ran,
    async inspect(job) {
      inspected.push(job)
      return { notes, phases, maxVUs: 1, durationS: 1, descriptions: [], summaryTrendStats: [], warnings: [] }
    },
    async run(job) {
      ran.push(job)
      onRun()
      return loadResult({ phases, metrics: [metric, iterations], histograms: [histogram] })
    },
  }
}

const silent: CampaignEvents = {
  planned() {},
  trialStarted() {},
  stage() {},
  progress() {},
  trialEnded() {},
  async blockEnded() {},
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
  const { run, dir: runDir } = await runCampaign(freshConfig(), request, engine, events, new AbortController().signal)
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

test('A quick one takes its own blocks and what is quick of each scenario', async () => {
  const engine = fakeEngine()
  const { run } = await runCampaign(
    freshConfig(),
    { ...request, quick: true },
    engine,
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
  const { run } = await runCampaign(freshConfig(), request, engine, silent, controller.signal)
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
    runCampaign(gone, request, engine, silent, signal),
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
    runCampaign(freshConfig(), request, mute, silent, signal),
    /scenario "a" names no primary metric.*ext\.weir\.primary/,
  )
  assert.deepEqual(engine.ran, [])
})
