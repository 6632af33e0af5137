import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CampaignRequest, runCampaign } from '../harness/campaign.ts'
import { checkConfig } from '../harness/config.ts'
import type { Engine, LoadJob, LoadProgress } from '../harness/engine/port.ts'
import { fakeEngine, silent } from './support/fake-engine.ts'
import { recordedProgress } from './support/recorded-progress.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-trial-'))
after(() => rmSync(dir, { recursive: true }))
writeFileSync(join(dir, 'load.js'), '')
// Answers every request with its environment.
writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http'
createServer((request, response) => response.end(JSON.stringify(process.env))).listen(Number(process.argv[2]), '127.0.0.1')
`,
)

const server = { command: ['{node}', 'server.mjs', '{port}'], ready: { http: '/' } }

const config = {
  ...checkConfig(
    {
      variants: { plain: { ...server, env: { WORKERS: '1', STUBS: '{services.stubs.port}' }, probe: false } },
      services: { stubs: server, store: { ...server, optional: true, ports: ['admin'] } },
      scenarios: {
        usual: { script: 'load.js', env: { STUBS: 'http://127.0.0.1:{services.stubs.port}/' } },
        stored: {
          script: 'load.js',
          services: ['stubs', 'store'],
          env: { STORE: '{services.store.port} {services.store.admin}', STATE: '{stateDir}' },
          target: { env: { WORKERS: '4', STORE_URL: 'http://127.0.0.1:{services.store.port}/', PORT: '{port}' } },
          warmup: false,
        },
      },
      warmup: { script: 'load.js', env: { STUBS: '{services.stubs.port}' } },
      campaigns: {
        main: { question: '', variants: ['plain'], baseline: 'plain', scenarios: ['usual', 'stored'], blocks: 1 },
      },
    },
    'c',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
}

/** What was there to be seen while each scenario's load ran. */
interface Seen {
  job: LoadJob
  target: Record<string, string>
  stages: string[]
}

const requestOf = (scenarios: string[]): CampaignRequest => ({
  name: 'main',
  campaign: { ...config.campaigns.main!, scenarios },
  quick: false,
  seed: 1,
  asked: { variants: [], scenarios: [], blocks: null },
})

async function runAndLook(): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>()
  const engine = fakeEngine()
  const stages: string[] = []
  const looking = {
    ...engine,
    run: async (...args: Parameters<typeof engine.run>) => {
      const [job] = args
      const target = (await (await fetch(job.env.BASE_URL!)).json()) as Record<string, string>
      for (const url of [job.env.STUBS, target.STORE_URL]) if (url !== undefined) assert.ok((await fetch(url)).ok)
      seen.set(job.env.STATE === undefined ? 'usual' : 'stored', { job, target, stages: stages.splice(0) })
      return await engine.run(...args)
    },
  }
  const events = { ...silent, stage: (text: string) => void stages.push(text) }
  const { run } = await runCampaign(
    config,
    requestOf(['usual', 'stored']),
    { sessions: looking },
    events,
    new AbortController().signal,
  )
  assert.deepEqual(
    run.records.map(({ failure }) => failure),
    [undefined, undefined],
  )
  return seen
}

test('A trial starts the services that it needs, and fills their ports into what load and target are told', async () => {
  const seen = await runAndLook()
  const [usual, stored] = [seen.get('usual')!, seen.get('stored')!]
  assert.equal(usual.target.WORKERS, '1')
  assert.equal(usual.target.STORE_URL, undefined)
  assert.match(usual.target.STUBS!, /^\d+$/)
  assert.equal(usual.job.env.STUBS, `http://127.0.0.1:${usual.target.STUBS}/`)
  assert.equal(usual.job.warmup!.env.STUBS, usual.target.STUBS)
  assert.equal(usual.job.warmup!.env.BASE_URL, usual.job.env.BASE_URL)

  assert.equal(stored.target.WORKERS, '4', 'what the scenario gives the target wins over the variant')
  assert.equal(stored.job.env.BASE_URL, `http://127.0.0.1:${stored.target.PORT}`)
  assert.equal(stored.job.env.STATE, join(dir, '.weir'))
  const [port, admin] = stored.job.env.STORE!.split(' ')
  assert.equal(stored.target.STORE_URL, `http://127.0.0.1:${port}/`)
  assert.match(admin!, /^\d+$/)
  assert.equal(stored.job.warmup, undefined)
  assert.ok(stored.stages.includes('preparing the load') && !stored.stages.includes('warming up'))
})

const noProc = !existsSync('/proc/self/schedstat') && 'needs /proc'

test('Who watches a trial hears with each second of the load how the target stood last', { skip: noProc }, async () => {
  const engine = fakeEngine()
  const telling: Engine = {
    ...engine,
    run: async (job, events, signal) => {
      await events.ready?.([], [])
      events.progress?.(recordedProgress[0]!)
      return await engine.run(job, events, signal)
    },
  }
  const heard: LoadProgress[] = []
  const events = { ...silent, progress: (progress: LoadProgress) => void heard.push(progress) }
  await runCampaign(config, requestOf(['usual']), { sessions: telling }, events, new AbortController().signal)
  const [{ second, ...counts }, ...others] = heard as [LoadProgress, ...LoadProgress[]]
  const { second: ofLoad, ...counted } = recordedProgress[0]!
  assert.deepEqual(counts, counted)
  assert.deepEqual(second.slice(0, ofLoad.length), ofLoad)
  const ofTarget = second.slice(ofLoad.length)
  assert.equal(ofTarget[0]!.metric, 'target_rss')
  assert.ok(ofTarget[0]!.value! > 1, `${ofTarget[0]!.value} MB`)
  assert.deepEqual(others, [])
})
