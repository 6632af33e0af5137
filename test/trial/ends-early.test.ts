import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { checkConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'
import { silent } from '../support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-ends-early-'))
after(() => rmSync(dir, { recursive: true }))

const [turns, burntMs] = [8, 20]

// Every request takes so much of the CPU, however fast the machine is; what teardown() asks for takes ten times as much.
writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http'
createServer((request, response) => {
  const ms = { '/': ${burntMs}, '/afterwards': ${10 * burntMs} }[request.url] ?? 0
  const before = process.cpuUsage()
  while (process.cpuUsage(before).user + process.cpuUsage(before).system < 1000 * ms);
  response.end()
}).listen(Number(process.argv[2]), '127.0.0.1')
`,
)
// Of so many turns: it is over long before maxDuration, which is ten minutes unless given, and before the second regular look.
writeFileSync(
  join(dir, 'load.js'),
  `import http from 'k6/http'
export const options = { scenarios: { few: { executor: 'per-vu-iterations', vus: 1, iterations: ${turns} } } }
export default function () { http.get(__ENV.BASE_URL + '/') }
export function teardown() { http.get(__ENV.BASE_URL + '/afterwards') }
`,
)

const config = {
  ...checkConfig(
    {
      variants: { plain: { command: ['{node}', 'server.mjs', '{port}'], ready: { http: '/ready' } } },
      scenarios: { few: { script: 'load.js', primary: 'http_req_duration p(50)' } },
      campaigns: { main: { question: '', variants: ['plain'], baseline: 'plain', scenarios: ['few'], blocks: 1 } },
    },
    'c',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
}

const noProc = !existsSync('/proc/self/schedstat') && 'needs /proc'

test('What a target used is counted to the end of a load that ends before its time, and not beyond', {
  skip: noProc,
}, async () => {
  const request: CampaignRequest = {
    ...{ name: 'main', campaign: config.campaigns.main!, quick: false, seed: 1 },
    asked: { variants: [], scenarios: [], blocks: null },
  }
  const { run } = await runCampaign(config, request, engines, silent, new AbortController().signal)
  const [record] = run.records
  assert.equal(record?.failure, undefined)
  const inFew = (metric: string): number => {
    const found = record!.observations.find((each) => each.metric === metric && each.phase === 'few')
    assert.ok(found, `${metric} is missing`)
    return found.value
  }
  const cpuMs = inFew('target_cpu_per_op')
  assert.ok(cpuMs > 0.95 * burntMs && cpuMs < 2 * burntMs, `${cpuMs} ms of CPU an iteration`)
  const [phase] = record!.phases
  assert.ok(phase!.endS < 60, `the phase lasted ${phase!.endS} s`)
  const busy = inFew('target_core_busy')
  assert.ok(
    Math.abs(busy - (cpuMs * turns) / 1000 / phase!.endS) < 1e-9,
    `the core was busy ${busy} of ${phase!.endS} s`,
  )
})
