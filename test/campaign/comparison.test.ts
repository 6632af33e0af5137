import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ComparedScenario, ComparisonRequest } from '../../harness/campaign/request.ts'
import { findResumable } from '../../harness/campaign/resume.ts'
import { type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { planLooks } from '../../harness/compare/looks.ts'
import type { ScenarioState } from '../../harness/compare/scenario-states.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'
import type { Run } from '../../harness/record/schema.ts'
import { readRun } from '../../harness/record/store.ts'
import { fakeEngine, silent } from '../support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-comparison-'))
after(() => rmSync(dir, { recursive: true }))

const checked = checkConfig(
  {
    variants: { one: { url: 'http://127.0.0.1:9' }, two: { url: 'http://127.0.0.1:10' } },
    scenarios: {
      a: { script: 'a.js', env: { SECONDS: '10', KEEP: 'x' }, pairs: { env: { SECONDS: '3' } } },
      b: { script: 'b.js', env: { SECONDS: '10' } },
    },
    campaigns: {},
  },
  'weir.config.ts',
)

function freshConfig(): LoadedConfig {
  const own = mkdtempSync(join(dir, 'own-'))
  for (const name of ['a.js', 'b.js']) writeFileSync(join(own, name), '')
  return { ...checked, dir: own, file: join(own, 'weir.config.ts') }
}

const margins = { change: 0.01, equivalence: 0.03 }
const usual: ComparisonRequest = {
  variant: 'two',
  against: 'one',
  budgetMs: 300_000,
  mostPairs: 4,
  metricsOf: ({ name, primary }) => [{ scenario: name, metric: primary, margins }],
  statistics: {
    planLooks: (most) => [2, most],
    statesOf: (run) => new Map(run.header.scenarios.map(({ name }) => [name, 'open' as ScenarioState])),
  },
}

const request = (comparison: Partial<ComparisonRequest> = {}, scenarios = ['a', 'b']): CampaignRequest => ({
  name: 'two against one',
  campaign: {
    question: 'Is two as fast as one?',
    variants: ['one', 'two'],
    scenarios,
    baseline: 'one',
    blocks: 6,
    moreBlocks: 0,
    quick: { blocks: 1 },
  },
  quick: false,
  seed: 7,
  asked: { variants: [], scenarios: [], blocks: null },
  comparison: { ...usual, ...comparison },
})

const never = () => new AbortController().signal

test('A comparison is a run: a header with its plan, and a record for each side of each pair', async () => {
  const engine = fakeEngine()
  const pairs: [pair: number, records: number][] = []
  const events = {
    ...silent,
    blockEnded: async ({ records }: Run, pair: number) => void pairs.push([pair, records.length]),
  }
  const { run, dir: runDir } = await runCampaign(
    freshConfig(),
    request({}, ['a']),
    { sessions: engine },
    events,
    never(),
  )
  assert.equal(run.header.status, 'finished')
  const { ended, looks, metrics, ...plan } = run.header.comparison!
  assert.deepEqual(plan, { variant: 'two', against: 'one', alpha: 0.003, budgetMs: 300_000, mode: 'trials' })
  assert.deepEqual([ended, looks], ['most-pairs', [2, 4]])
  assert.deepEqual(metrics, [{ scenario: 'a', metric: 'http_req_duration p(50)', margins }])
  assert.deepEqual(
    pairs,
    [1, 2, 3, 4, 5, 6].map((pair) => [pair, 2 * pair]),
  )
  for (const { variant, key } of run.records) assert.equal(key.side, variant === 'one' ? 'A' : 'B')
  assert.deepEqual(await readRun(runDir), run)
})

test('What is to be changed for pairs is changed, and where nothing is the load is the usual one', async () => {
  const engine = fakeEngine()
  await runCampaign(freshConfig(), request(), { sessions: engine }, silent, never())
  const seconds = (script: string) =>
    new Set(engine.ran.filter((job) => job.script.endsWith(script)).map(({ env }) => env.SECONDS))
  assert.deepEqual([seconds('a.js'), seconds('b.js')], [new Set(['3']), new Set(['10'])])
  assert.equal(engine.ran.find(({ script }) => script.endsWith('a.js'))!.env.KEEP, 'x')
})

test('It ends as soon as the statistics say that every scenario has its answer', async () => {
  const statesOf = ({ header, records }: Run) =>
    new Map(
      header.scenarios.map(({ name }) => {
        const pairs = records.filter(({ scenario }) => scenario === name).length / 2
        return [name, (pairs >= (name === 'a' ? 1 : 3) ? 'decided' : 'open') as ScenarioState]
      }),
    )
  const statistics = { ...usual.statistics, statesOf }
  const { run } = await runCampaign(freshConfig(), request({ statistics }), { sessions: fakeEngine() }, silent, never())
  const count = (name: string) => run.records.filter(({ scenario }) => scenario === name).length
  assert.deepEqual([count('a'), count('b'), run.header.comparison!.ended], [2, 6, 'decided'])
})

test('Ctrl-C keeps the records of what is finished, and the header says that no further look may be taken', async () => {
  const controller = new AbortController()
  const engine = fakeEngine(() => {
    if (engine.ran.length === 4) controller.abort()
  })
  const { run, dir: runDir } = await runCampaign(
    freshConfig(),
    request({}, ['a']),
    { sessions: engine },
    silent,
    controller.signal,
  )
  assert.deepEqual(
    [run.records.length, run.header.status, run.header.comparison!.ended],
    [3, 'interrupted', 'interrupted'],
  )
  assert.deepEqual(await readRun(runDir), run)
})

test('A resumed comparison runs both sides of the pair that was cut off again, since a pair is adjacent in time', async () => {
  const config = freshConfig()
  const controller = new AbortController()
  const engine = fakeEngine(() => {
    if (engine.ran.length === 4) controller.abort()
  })
  const first = await runCampaign(config, request({}, ['a']), { sessions: engine }, silent, controller.signal)
  assert.equal(first.run.records.length, 3)
  const resume = await findResumable(join(config.dir, '.weir', 'runs'), 'two against one', null)
  assert.equal(resume.records.length, 2)
  const started: number[] = []
  const events = { ...silent, trialStarted: (_trial: unknown, number: number) => void started.push(number) }
  const { run } = await runCampaign(
    config,
    { ...request({}, ['a']), resume },
    { sessions: fakeEngine() },
    events,
    never(),
  )
  assert.deepEqual(
    started,
    Array.from({ length: 10 }, (_, at) => at + 3),
  )
  assert.deepEqual(
    run.records.map(({ trial }) => trial),
    Array.from({ length: 12 }, (_, at) => at + 1),
  )
  const stored = await readRun(first.dir)
  assert.deepEqual(stored.records, run.records, 'the half that was left behind is replaced')
  assert.deepEqual([run.header.status, run.header.comparison!.ended], ['finished', 'most-pairs'])
  await assert.rejects(
    runCampaign(config, { ...request({ budgetMs: 1 }, ['a']), resume }, { sessions: fakeEngine() }, silent, never()),
    /cannot be resumed/,
  )
})

test('A half pair is gone from the run as soon as it is resumed, so that it counts for nobody who reads the run later', async () => {
  const config = freshConfig()
  const cutAfter = (trials: number) => {
    const controller = new AbortController()
    const engine = fakeEngine(() => {
      if (engine.ran.length === trials) controller.abort()
    })
    return { engine, signal: controller.signal }
  }
  const first = cutAfter(4)
  const { dir } = await runCampaign(config, request({}, ['a']), { sessions: first.engine }, silent, first.signal)
  assert.equal((await readRun(dir)).records.length, 3)
  const resume = await findResumable(join(config.dir, '.weir', 'runs'), 'two against one', null)
  const second = cutAfter(1)
  const asked = { ...request({}, ['a']), resume }
  const { run } = await runCampaign(config, asked, { sessions: second.engine }, silent, second.signal)
  assert.equal(run.records.length, 2)
  assert.deepEqual(await readRun(dir), run)
  assert.equal(readdirSync(join(dir, 'left-behind')).length, 1, 'nothing that was measured is lost')
})

test('What the statistics refuse ends the comparison with their words, and what ran is kept', async () => {
  const statesOf = () => {
    throw new UserError('no such metric')
  }
  const config = freshConfig()
  let runDir = ''
  const events = { ...silent, planned: (stored: { dir: string }) => void (runDir = stored.dir) }
  const asked = request({ statistics: { ...usual.statistics, statesOf } }, ['a'])
  await assert.rejects(
    runCampaign(config, asked, { sessions: fakeEngine() }, events, never()),
    /^UserError: no such metric$/,
  )
  const { header, records } = await readRun(runDir)
  assert.deepEqual([header.status, header.comparison!.ended, records.length], ['finished', 'unusable', 2])
  const runs = join(config.dir, '.weir', 'runs')
  await assert.rejects(findResumable(runs, 'two against one', null), /there is no run .* that was cut off/)
})

test('A resumed comparison that the statistics refuse is over: the next --resume does not take it up again', async () => {
  const config = freshConfig()
  const controller = new AbortController()
  const engine = fakeEngine(() => {
    if (engine.ran.length === 4) controller.abort()
  })
  const first = await runCampaign(config, request({}, ['a']), { sessions: engine }, silent, controller.signal)
  const runs = join(config.dir, '.weir', 'runs')
  const resume = await findResumable(runs, 'two against one', null)
  const statesOf = () => {
    throw new UserError('no such metric')
  }
  const asked = { ...request({ statistics: { ...usual.statistics, statesOf } }, ['a']), resume }
  await assert.rejects(
    runCampaign(config, asked, { sessions: fakeEngine() }, silent, never()),
    /^UserError: no such metric$/,
  )
  assert.equal((await readRun(first.dir)).header.status, 'finished')
  await assert.rejects(findResumable(runs, 'two against one', null), /there is no run .* that was cut off/)
})

test('Gate metrics are asked for with what is known of a scenario; none, or more than three, are refused', async () => {
  const known: ComparedScenario[] = []
  const metricsOf = (scenario: ComparedScenario) => {
    known.push(scenario)
    return Array.from({ length: 4 }, () => ({ scenario: scenario.name, metric: 'm value', margins }))
  }
  const engine = fakeEngine()
  await assert.rejects(
    runCampaign(freshConfig(), request({ metricsOf }), { sessions: engine }, silent, never()),
    /scenario "a" has 4 gate metrics: expected 1 to 3/,
  )
  const { name, primary, phases } = known[0]!
  assert.deepEqual([name, primary, phases], ['a', 'http_req_duration p(50)', ['default']])
  await assert.rejects(
    runCampaign(freshConfig(), request({ metricsOf: () => [] }), { sessions: engine }, silent, never()),
    /scenario "a" has 0 gate metrics/,
  )
  assert.deepEqual(engine.ran, [])
})

test('Fewer pairs than can decide anything of so many gate metrics are refused, with how many would', async () => {
  const metricsOf: ComparisonRequest['metricsOf'] = ({ name, primary }) =>
    [primary, 'iterations rate'].map((metric) => ({ scenario: name, metric, margins }))
  const statistics = { ...usual.statistics, planLooks }
  const engine = fakeEngine()
  const measure = (comparison: Partial<ComparisonRequest>) =>
    runCampaign(freshConfig(), request({ statistics, ...comparison }, ['a']), { sessions: engine }, silent, never())
  await assert.rejects(
    measure({ metricsOf, mostPairs: 10 }),
    /^UserError: 10 pairs cannot decide anything: expected at least 11 \(--pairs 11\), .* of 2 gate metrics/,
  )
  assert.deepEqual(engine.ran, [])
  assert.deepEqual((await measure({ metricsOf, mostPairs: 11 })).run.header.comparison!.looks, [11])
  assert.deepEqual((await measure({ mostPairs: 10 })).run.header.comparison!.looks, [10])
})

test('A budget in which not one pair ends is refused, with one in which something is decided', async () => {
  const engine = fakeEngine()
  // A trial of the fake engine is one second of load, and three around it.
  const measure = (budgetMs: number) => {
    const statistics = { ...usual.statistics, planLooks }
    const asked = request({ statistics, mostPairs: 80, budgetMs }, ['a'])
    return runCampaign(freshConfig(), asked, { sessions: engine }, silent, never())
  }
  await assert.rejects(measure(7_900), /scenario "a": one pair takes 8 s, .* budget of 7\.9s\. .* take --budget 2m$/)
  assert.deepEqual(engine.ran, [])
  assert.equal((await measure(8_000)).run.header.status, 'finished')
})

test('A comparison that lacks something on this machine is refused, not thinned out', async () => {
  const config = freshConfig()
  const needs = { many: { cores: 10_000, advice: 'buy one' } }
  const scenarios = { ...config.scenarios, b: { ...config.scenarios.b!, needs: ['many'] } }
  await assert.rejects(
    runCampaign({ ...config, needs, scenarios }, request(), { sessions: fakeEngine() }, silent, never()),
    /^UserError: "two against one" cannot be compared here\. many: 10000 cores are needed, \d+ may be used: buy one$/,
  )
})
