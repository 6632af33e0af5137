import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { pairedRun } from '../compare/paired-run.ts'
import { storeRun } from '../support/stored-run.ts'
import { runWeir, startWeir } from './weir.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-profile-'))
after(() => rmSync(dir, { recursive: true }))
writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http'
let sum = 0
// The clock is read seldom: what grows is to be the function that works, not the clock.
function usualWork() { for (const until = performance.now() + 2; performance.now() < until; ) for (let i = 0; i < 20_000; i++) sum = (Math.imul(sum, 31) + i) | 0 }
function addedWork() { for (const until = performance.now() + 6; performance.now() < until; ) for (let i = 0; i < 20_000; i++) sum = (Math.imul(sum, 31) + i) | 0 }
createServer((request, response) => {
  console.log('was asked')
  usualWork()
  if (process.argv[3] === 'more') addedWork()
  response.end()
}).listen(Number(process.argv[2]), '127.0.0.1')`,
)
writeFileSync(
  join(dir, 'load.js'),
  `import http from 'k6/http'
export const options = {
  scenarios: { main: { executor: 'constant-vus', vus: 1, duration: '2s' } },
  ext: { weir: { primary: 'http_req_duration p(50)' } },
}
export default () => http.get(__ENV.BASE_URL + '/')`,
)
const variant = (...args: string[]) => ({ command: ['{node}', 'server.mjs', '{port}', ...args], ready: { tcp: true } })
writeFileSync(
  join(dir, 'weir.config.ts'),
  `export default ${JSON.stringify({
    variants: { base: variant(), new: variant('more') },
    scenarios: { browse: { script: 'load.js' } },
    campaigns: {},
  })}`,
)

const runs = join(dir, '.weir', 'runs')

test('Two variants are profiled one after the other, and what was added to one is what grew most', async () => {
  const { code, stdout, stderr, leftOver } = await runWeir(dir, ['profile', 'new', 'browse', '--against', 'base'])
  assert.equal(code, 0, stderr)
  assert.deepEqual(leftOver, [])
  const [, , first] = stdout.slice(stdout.indexOf('grew most from base to new')).split('\n')
  assert.match(first!, /^ +\+\d+\.\d +0\.0% +\d+\.\d% {2}addedWork server\.mjs:5$/)
  const run = await latestRun(runs)
  assert.deepEqual(
    readdirSync(join(run, 'profiles'))
      .filter((name) => name.endsWith('.html'))
      .sort(),
    ['difference.html', 'flame-base.html', 'flame-new.html'],
  )
  const { header, records } = await readRun(run)
  assert.deepEqual(header.profiled?.problems, [])
  assert.deepEqual(header.profiled?.pages.length, 3)
  assert.deepEqual(
    records.map(({ profile }) => profile?.files.length),
    [1, 1],
  )
})

test('What a comparison found to be worse is profiled on both sides; a comparison of equals is not', async () => {
  const header = { status: 'finished' } as const
  await storeRun(pairedRun({ ratio: () => 1.05, header }), dir, { id: '0-worse' })
  await storeRun(pairedRun({ header }), dir, { id: '0-equal' })
  const worse = await runWeir(dir, ['profile', '--on-regression', '0-worse', '--out', join(dir, 'out')])
  assert.equal(worse.code, 0, worse.stderr)
  assert.match(worse.stdout, /regressed under browse: .*Both sides are profiled:/)
  assert.match(worse.stdout, /addedWork server\.mjs:5/)
  assert.ok(readdirSync(join(dir, 'out', 'browse')).includes('difference.html'))
  const before = readdirSync(runs).length
  const equal = await runWeir(dir, ['profile', '--on-regression', '0-equal'])
  assert.deepEqual([equal.code, equal.stdout], [0, 'nothing regressed in run 0-equal: there is nothing to profile\n'])
  assert.equal(readdirSync(runs).length, before)
})

/** Resolves when the target of the newest run has answered a request. */
async function isAsked(): Promise<void> {
  const logs = join(await latestRun(runs), 'logs')
  for (let tries = 0; tries < 200; tries++) {
    if (readdirSync(logs).some((name) => readFileSync(join(logs, name), 'utf8').includes('was asked'))) return
    await sleep(50)
  }
  throw new Error('the target was never asked')
}

for (const tool of ['cpu', 'doctor']) {
  test(`Ctrl-C ends a profile by ${tool} with 105, and leaves no process`, async () => {
    const started = startWeir(dir, ['profile', 'base', 'browse', '--with', tool])
    await started.says('about')
    await isAsked()
    started.process.kill('SIGINT')
    const { code, leftOver } = await started.finished
    assert.equal(code, 105)
    assert.deepEqual(leftOver, [])
  })
}
