import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCampaign } from '../../harness/campaign.ts'
import { readArguments } from '../../harness/commands/arguments.ts'
import { exitCodeOf } from '../../harness/commands/run/exit-code.ts'
import { readRequest, runOptions } from '../../harness/commands/run/request.ts'
import { saturationOf } from '../../harness/compare/saturation/saturation.ts'
import { formatSaturationTable } from '../../harness/compare/saturation/table.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import type { Engine, LoadJob } from '../../harness/engine/port.ts'
import { UserError } from '../../harness/errors.ts'
import { fakeEngine, silent } from '../support/fake-engine.ts'
import { loadResult, metricResult, trend } from '../support/load-result.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-saturation-'))
after(() => rmSync(dir, { recursive: true }))

/** What each server of this test can do: answers a second at the most, and how many each connection adds. */
const servers: Record<string, { most: number; each: number }> = {
  'http://127.0.0.1:9': { most: 1000, each: 50 },
  'http://127.0.0.1:10': { most: 400, each: 50 },
}

const checked = checkConfig(
  {
    variants: { quick: { url: 'http://127.0.0.1:9' }, slow: { url: 'http://127.0.0.1:10' } },
    scenarios: {
      turn: { engine: 'autocannon', script: 'turn.js' },
      closed: { script: 'closed.js' },
      paced: { script: 'paced.js' },
    },
    campaigns: {
      most: {
        ...{ question: 'How much?', variants: ['quick', 'slow'], baseline: 'quick', blocks: 2 },
        saturation: {
          sweep: { scenario: 'turn', connections: [1, 10, 100] },
          rate: { scenario: 'paced', variable: 'RATE', from: 100, to: 1600, precision: 0.2, tries: 20 },
          crossCheck: { scenario: 'closed', variable: 'USERS', connections: 10, pairs: 2 },
        },
      },
    },
  },
  'c',
)

function freshConfig(): LoadedConfig {
  const own = mkdtempSync(join(dir, 'own-'))
  for (const name of ['turn', 'closed', 'paced']) writeFileSync(join(own, `${name}.js`), name)
  return { ...checked, dir: own, file: join(own, 'weir.config.ts') }
}

/** An engine that answers as one of the servers would: with all that so many connections get, or late above its most. */
function servedBy(name: string, onRun: () => void): Engine & { ran: LoadJob[] } {
  const plain = fakeEngine(onRun)
  return {
    ...plain,
    name,
    async inspect(job, signal) {
      if (job.script.endsWith('paced.js') && !Number(job.env.RATE)) throw new UserError('rate: expected a number')
      const facts = await plain.inspect(job, signal)
      return { ...facts, notes: { ...facts.notes, operation: 'http_reqs' }, phases }
    },
    async run(job) {
      await plain.run(job, {}, new AbortController().signal)
      const { most, each } = servers[job.env.BASE_URL!]!
      const connections = Number(job.options.connections ?? job.env.USERS ?? 0)
      const rate = Number(job.env.RATE ?? 0)
      const perSecond = rate > 0 ? Math.min(rate, most) : Math.min(most, each * connections)
      const count = 10 * perSecond
      const times = trend('http_req_duration', Array(1000).fill(rate > most ? 900 : 5))
      return loadResult({
        phases,
        metrics: [
          times.metric,
          metricResult({ metric: 'iterations', kind: 'counter', count, sum: 10 * (rate || perSecond) }),
          metricResult({ metric: 'http_reqs', kind: 'counter', count, sum: count }),
          metricResult({ metric: 'http_reqs', kind: 'counter', phase: 'load', count, sum: count }),
          metricResult({ metric: 'http_req_failed', kind: 'rate', count, sum: 0 }),
        ],
        histograms: [times.histogram],
      })
    },
  }
}

const phases = [{ name: 'load', startS: 0, endS: 10 }]

/** Runs the campaign; cut off in the middle of a trial where that is said. */
async function run(config: LoadedConfig, args: string[], cutInTrial = Number.POSITIVE_INFINITY) {
  const controller = new AbortController()
  let begun = 0
  const count = (): void => {
    if (++begun === cutInTrial) controller.abort()
  }
  const [autocannon, sessions] = [servedBy('autocannon', count), servedBy('sessions', count)]
  const request = await readRequest(config, readArguments(['most', ...args], runOptions))
  const started: number[] = []
  const events = { ...silent, trialStarted: (_: unknown, number: number) => void started.push(number) }
  const { run: ran } = await runCampaign(config, request, { autocannon, sessions }, events, controller.signal)
  return { run: ran, started }
}

test('A saturation finds what each server can do, from the plan to the answer', async () => {
  const { run: whole } = await run(freshConfig(), ['--seed', '3'])
  const { variants, crossCheck } = saturationOf(whole)!
  const [quick, slow] = variants
  const found = [quick!, slow!].map(({ maximum, knee }) => [
    maximum!.connections,
    Math.round(maximum!.estimate),
    knee.connections,
  ])
  assert.deepEqual(found, [
    [100, 1000, 100],
    [10, 400, 10],
  ])
  for (const [{ rate }, most] of [[quick!, 1000] as const, [slow!, 400] as const]) {
    assert.equal(rate!.state, 'found')
    assert.ok(rate!.lower! <= most && rate!.upper! > most, `${rate!.lower} to ${rate!.upper}, can ${most}`)
  }
  // Both scripts go by a latency, which no step is judged by.
  assert.deepEqual([crossCheck!.usedPairs, crossCheck!.values.first], [2, [500, 500]])
  assert.ok(whole.records.every(({ failure, invalid }) => !failure && invalid.length === 0))
})

test('A script that takes its rate from the variable alone is read with the lowest rate, and never run without one', async () => {
  const { run: whole } = await run(freshConfig(), ['--quick', '--seed', '3'])
  const rates = whole.header.scenarios.flatMap(({ step }) => (step?.kind === 'rate' ? [step.value] : []))
  assert.deepEqual(rates, [100])
  assert.ok(whole.header.scenarios.every(({ name }) => name !== 'paced'))
})

test('A script that takes its rate from the variable alone is refused by name where it is asked for by itself', async () => {
  const config = freshConfig()
  const request = await readRequest(config, readArguments(['most', '--quick'], runOptions))
  const campaign = { ...request.campaign, scenarios: ['paced'], saturation: undefined }
  const sessions = servedBy('sessions', () => assert.fail('nothing may be loaded'))
  const alone = runCampaign(config, { ...request, campaign }, { sessions }, silent, new AbortController().signal)
  await assert.rejects(alone, (error) => {
    assert.ok(error instanceof UserError)
    assert.match(
      error.message,
      /^scenario "paced": RATE is not set, .*"paced@100".* As it is: rate: expected a number$/,
    )
    return true
  })
})

test('A saturation that was cut off in its search goes on with the rate that comes next, and finds the same', async () => {
  const whole = await run(freshConfig(), ['--seed', '3'])
  const triedRates = whole.run.records.map(({ variant, scenario }) => `${variant} ${scenario}`)
  const certain = triedRates.filter((name) => !name.includes('paced')).length
  const config = freshConfig()
  const cut = await run(config, ['--seed', '3'], certain + 6)
  assert.deepEqual([cut.run.header.status, cut.run.records.length], ['interrupted', certain + 5])
  const resumed = await run(config, ['--resume'])
  assert.equal(resumed.run.header.status, 'finished')
  assert.deepEqual(
    resumed.run.records.map(({ variant, scenario }) => `${variant} ${scenario}`),
    triedRates,
  )
  assert.deepEqual(
    saturationOf(resumed.run)!.variants.map(({ rate }) => [rate!.lower, rate!.upper]),
    saturationOf(whole.run)!.variants.map(({ rate }) => [rate!.lower, rate!.upper]),
  )
})

test('A cross-check that was cut off between the sides of a pair measures both anew, and says so', async () => {
  const config = freshConfig()
  const sweep = 3 * 2 * 2
  await run(config, ['--seed', '3'], sweep + 4)
  const { run: whole, started } = await run(config, ['--resume'])
  assert.deepEqual(started.slice(0, 2), [sweep + 3, sweep + 4])
  assert.equal(saturationOf(whole)!.crossCheck!.usedPairs, 2)
  assert.match(
    whole.header.warnings[0]!,
    /cut off after 14 trials .*, and a pair of the cross-check of which just one side had been measured was begun anew/,
  )
})

const parts = [
  ['closed', 'check'],
  ['paced', 'rate'],
  ['turn', 'connections'],
] as const

for (const [lacking, part] of parts) {
  test(`A saturation whose ${lacking} lacks a need leaves that part out, says so, and does the rest`, async () => {
    const config = freshConfig()
    const scenarios = Object.fromEntries(
      Object.entries(config.scenarios).map(([name, scenario]) => [
        name,
        { ...scenario, needs: name.split('@')[0] === lacking ? ['absent'] : [] },
      ]),
    )
    const needs = { absent: { executable: ['no-program-has-this-name'], in: [], advice: '' } }
    const { run: whole } = await run({ ...config, scenarios, needs }, ['--quick', '--seed', '3'])
    const { header, records } = whole
    const kindOf = (name: string) => header.scenarios.find((each) => each.name === name)!.step!.kind
    const kinds = new Set(records.map(({ scenario }) => kindOf(scenario)))
    // Without its first side there is no cross-check either.
    const left = part === 'connections' ? ['rate'] : ['connections', 'check', 'rate'].filter((kind) => kind !== part)
    assert.deepEqual([...kinds], left)
    assert.equal(header.status, 'finished')
    assert.deepEqual(
      [header.saturation!.rate !== null, header.saturation!.crossCheck !== null],
      [left.includes('rate'), left.includes('check')],
    )
    assert.match(header.warnings[0]!, /no-program-has-this-name is not installed/)
    assert.match(formatSaturationTable(whole, { width: 200, color: false }), /Left out, since absent is missing/)
    assert.equal(exitCodeOf(whole), 0)
  })
}
