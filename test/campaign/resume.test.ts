import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { readArguments } from '../../harness/commands/arguments.ts'
import { readRequest, runOptions } from '../../harness/commands/run/request.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import type { PlannedTrial } from '../../harness/schedule.ts'
import { readEntry } from '../../harness/target/process-tree.ts'
import { fakeEngine, silent } from '../support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-resume-'))
after(() => rmSync(dir, { recursive: true }))

const checked = checkConfig(
  {
    variants: { one: { url: 'http://127.0.0.1:9' }, two: { url: 'http://127.0.0.1:10' } },
    scenarios: { a: { script: 'a.js', env: { SECONDS: '10' } }, b: { script: 'b.js' } },
    campaigns: {
      main: { question: 'Which?', variants: ['one', 'two'], baseline: 'one', scenarios: ['a', 'b'], blocks: 2 },
      other: { question: 'What?', variants: ['one', 'two'], baseline: 'one', scenarios: ['a'], blocks: 1 },
    },
  },
  'c',
)

function freshConfig(): LoadedConfig {
  const own = mkdtempSync(join(dir, 'own-'))
  for (const name of ['a.js', 'b.js']) writeFileSync(join(own, name), name)
  return { ...checked, dir: own, file: join(own, 'weir.config.ts') }
}

const ask = (config: LoadedConfig, ...args: string[]): Promise<CampaignRequest> =>
  readRequest(config, readArguments(args, runOptions))

/** Runs what the command line asks for; cut off in the middle of a trial where that is said. */
async function runWeir(config: LoadedConfig, args: string[], cutInTrial = Infinity) {
  const controller = new AbortController()
  const engine = fakeEngine(() => {
    if (engine.ran.length === cutInTrial) controller.abort()
  })
  const started: number[] = []
  const plans: (readonly PlannedTrial[])[] = []
  const events = {
    ...silent,
    planned: (_stored: unknown, { trials }: { trials: readonly PlannedTrial[] }) => void plans.push(trials),
    trialStarted: (_trial: unknown, number: number) => void started.push(number),
  }
  const { run, dir: runDir } = await runCampaign(
    config,
    await ask(config, ...args),
    { sessions: engine },
    events,
    controller.signal,
  )
  return { run, runDir, started, plan: plans[0]! }
}

/** What a run leaves behind that is ended by SIGKILL: nobody wrote into the header that it was over. */
function asKilled(runDir: string, writer: { pid: number; startTime: number }): void {
  const file = join(runDir, 'run.json')
  const header = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...header, status: 'running', finishedAt: null, writer }))
}

async function deadProcess(): Promise<{ pid: number; startTime: number }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const { pid, startTime } = readEntry(child.pid!)!
  child.stdin.end()
  await once(child, 'exit')
  return { pid, startTime }
}

test('A run that was cut off goes on where it was, with its seed and plan, and is one run', async () => {
  const config = freshConfig()
  const first = await runWeir(config, ['main', '--seed', '7'], 4)
  assert.deepEqual([first.run.header.status, first.run.records.length], ['interrupted', 3])
  const second = await runWeir(config, ['main', '--resume'])
  assert.equal(second.runDir, first.runDir)
  assert.deepEqual(second.plan, first.plan)
  assert.deepEqual(second.started, [4, 5, 6, 7, 8])
  const { header, records } = second.run
  assert.deepEqual([header.status, header.id, header.seed], ['finished', first.run.header.id, 7])
  assert.deepEqual(
    records.map(({ trial, run, scenario, variant }) => [trial, run, scenario, variant]),
    first.plan.map(({ scenario, variant }, at) => [at + 1, header.id, scenario, variant]),
  )
  assert.match(header.warnings[0]!, /^The run was cut off after 3 trials and resumed at /)
  assert.equal(readdirSync(join(second.runDir, 'records')).length, 8)
})

test('A run may be cut off and resumed several times', async () => {
  const config = freshConfig()
  const { runDir } = await runWeir(config, ['main'], 2)
  await runWeir(config, ['main', '--resume'], 3)
  const { run } = await runWeir(config, ['main', '--resume'])
  assert.equal(run.records.length, 8)
  assert.equal(run.header.warnings.length, 2)
  assert.equal(readdirSync(join(runDir, 'records')).length, 8)
})

test('A run that was killed is resumed too; a record that was half written is made again', async () => {
  const config = freshConfig()
  const { runDir } = await runWeir(config, ['main', '--seed', '7'], 4)
  asKilled(runDir, await deadProcess())
  writeFileSync(join(runDir, 'records', '.004-a-one.json.77.tmp'), '{"schema":"weir.rec')
  const { run, started } = await runWeir(config, ['main', '--resume'])
  assert.deepEqual(started, [4, 5, 6, 7, 8])
  assert.equal(run.header.status, 'finished')
  assert.equal(run.records.length, 8)
})

test('A run keeps what it was narrowed to and that it is a quick one', async () => {
  const config = freshConfig()
  await runWeir(config, ['main', '--quick', '--blocks', '3', '--scenario', 'b'], 2)
  const { run } = await runWeir(config, ['main', '--resume'])
  assert.deepEqual([run.header.quick, run.header.blocks, run.records.length], [true, 3, 6])
  assert.ok(run.records.every(({ scenario }) => scenario === 'b'))
})

test('The newest run of the campaign that was cut off is taken, or the one that is named', async () => {
  const config = freshConfig()
  const older = await runWeir(config, ['main'], 2)
  const newer = await runWeir(config, ['main'], 3)
  await runWeir(config, ['main'])
  await runWeir(config, ['other'], 2)
  assert.equal((await ask(config, 'main', '--resume')).resume!.dir, newer.runDir)
  assert.equal((await ask(config, 'main', '--resume', older.run.header.id)).resume!.dir, older.runDir)
})

const changes: [what: string, change: (config: LoadedConfig) => LoadedConfig, message: RegExp][] = [
  [
    'the config of a scenario',
    (config) => ({
      ...config,
      scenarios: { ...config.scenarios, a: { ...config.scenarios.a!, env: { SECONDS: '9' } } },
    }),
    /what the config says of this campaign, or what of it can run on this machine, has changed/,
  ],
  [
    'a variant',
    (config) => ({ ...config, variants: { ...config.variants, two: { ...config.variants.two!, url: 'http://h' } } }),
    /what the config says of this campaign/,
  ],
  [
    'a script',
    (config) => {
      writeFileSync(join(config.dir, 'b.js'), 'changed')
      return config
    },
    /a script, or something that it imports, has changed/,
  ],
]

for (const [what, change, message] of changes) {
  test(`A run is not resumed when ${what} has changed, and nothing of it is touched`, async () => {
    const config = freshConfig()
    const { runDir } = await runWeir(config, ['main'], 3)
    const before = readFileSync(join(runDir, 'run.json'), 'utf8')
    await assert.rejects(runWeir(change(config), ['main', '--resume']), message)
    assert.equal(readFileSync(join(runDir, 'run.json'), 'utf8'), before)
  })
}

test('What another campaign or scenario of the config says has no part in it', async () => {
  const config = freshConfig()
  await runWeir(config, ['main'], 3)
  const { other, main } = config.campaigns
  const campaigns = { main: main!, other: { ...other!, question: 'Why?' } }
  const { run } = await runWeir({ ...config, campaigns }, ['main', '--resume'])
  assert.equal(run.records.length, 8)
})

test('Nothing to resume, and what cannot be, is told with what to do', async () => {
  const config = freshConfig()
  await assert.rejects(ask(config, 'main', '--resume'), /no run of campaign "main" in .* was cut off/)
  const { run } = await runWeir(config, ['main'])
  await assert.rejects(ask(config, 'main', '--resume'), /no run of campaign "main"/)
  await assert.rejects(ask(config, 'main', '--resume', run.header.id), /is finished: there is nothing to resume/)
  const cut = await runWeir(config, ['other'], 2)
  const { id } = cut.run.header
  await assert.rejects(
    ask(config, 'main', '--resume', id),
    new RegExp(`is of campaign "other": weir run other --resume ${id}`),
  )
  asKilled(cut.runDir, readEntry(process.pid)!)
  await assert.rejects(ask(config, 'other', '--resume'), /is still going on \(process \d+\)/)
})

test('A resumed run keeps its plan: no other option may stand beside', async () => {
  const config = freshConfig()
  for (const [option, ...value] of [
    ['--quick'],
    ['--blocks', '2'],
    ['--seed', '1'],
    ['--variant', 'two'],
    ['--scenario', 'a'],
  ])
    await assert.rejects(
      ask(config, 'main', '--resume', option!, ...value),
      new RegExp(`option --resume cannot stand beside ${option}: the run keeps its plan`),
    )
})
