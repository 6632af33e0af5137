import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import type { LoadResult } from '../../../../harness/engine/port.ts'
import { sessionsEngine } from '../../../../harness/engine/sessions/engine.ts'
import { prepareOutputs } from '../../../../harness/engine/sessions/outputs/table.ts'
import { scriptFiles } from '../k6/run-script.ts'

interface SharedRun {
  result: LoadResult
  /** What each request told of its place in the test, in the order of arrival. */
  arrivals: string[]
  said: string[]
  folder: string
}

async function recordingServer(t: TestContext): Promise<{ url: string; arrivals: string[] }> {
  const arrivals: string[] = []
  const server = createServer((request, response) => {
    arrivals.push(request.url!.slice(1))
    response.end('ok')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals }
}

async function runShared(
  t: TestContext,
  generators: number,
  source: string,
  outputs: readonly string[] = [],
): Promise<SharedRun> {
  const { url, arrivals } = await recordingServer(t)
  const script = await scriptFiles(t, { 'script.js': source })
  const folder = dirname(script)
  const specs = outputs.map((kind) => `${kind}=${join(folder, `samples.${kind}`)}`)
  prepareOutputs(specs, {})
  const said: string[] = []
  const result = await sessionsEngine.run(
    { script, env: { URL: url }, options: {}, cpus: null, generators, outputs: specs },
    { log: (level, message) => void said.push(`${level} ${message}`) },
    new AbortController().signal,
  )
  return { result, arrivals, said, folder }
}

/** Tells of every iteration: index in the scenario, which user, which of its own iterations. */
const telling = (scenario: object, tells: string, more = '') => `
import http from 'k6/http'
import { check, sleep } from 'k6'
import exec from 'k6/execution'
export const options = { scenarios: { s: ${JSON.stringify(scenario)} }, thresholds: { checks: ['rate==1'] } }
export default function () {
  const { vu, scenario } = exec
  const response = http.get(\`\${__ENV.URL}/\${${tells}}\`)
  check(response, { ok: (r) => r.body === 'ok' })
  ${more}
}`

const sumOf = ({ metrics }: LoadResult, name: string): number | undefined =>
  metrics.find(({ metric, scenario, phase }) => metric === name && !scenario && !phase)?.sum

const countIn = ({ histograms }: LoadResult, name: string): { told: number; stored: number } => {
  const { count, data } = histograms.find(({ metric, scenario }) => metric === name && !scenario)!
  return { told: count, stored: decodeFromCompressedBase64(data).totalCount }
}

const users = 'vu.idInTest + "/" + __VU + "/" + vu.iterationInScenario'
const index = 'scenario.iterationInTest + "/" + scenario.iterationInInstance'

/** Executors that say beforehand what exactly is going to be started, and what tells one start from another. */
const exact: [title: string, scenario: object, tells: string][] = [
  ['per-vu-iterations', { executor: 'per-vu-iterations', vus: 5, iterations: 3 }, users],
  ['shared-iterations', { executor: 'shared-iterations', vus: 5, iterations: 31 }, index],
  ['constant-arrival-rate', { executor: 'constant-arrival-rate', rate: 60, duration: '1s', preAllocatedVUs: 20, maxVUs: 60 }, index],
  ['ramping-arrival-rate', { executor: 'ramping-arrival-rate', startRate: 10, stages: [{ duration: '1s', target: 80 }], preAllocatedVUs: 20, maxVUs: 60 }, index],
] // biome-ignore format: one row a case

/**
 * Executors that loop: which users there are is certain, and how many requests can have reached the server uncounted:
 * externally-controlled ends at once, as in k6, and each of its users may have a request under way.
 */
const looping: [title: string, scenario: object, users: number[], cutAtMost: number][] = [
  ['constant-vus', { executor: 'constant-vus', vus: 5, duration: '600ms' }, [1, 2, 3, 4, 5], 0],
  ['ramping-vus', { executor: 'ramping-vus', startVUs: 3, stages: [{ duration: '1s', target: 5 }, { duration: '200ms', target: 5 }] }, [1, 2, 3, 4, 5], 0],
  ['externally-controlled', { executor: 'externally-controlled', vus: 4, maxVUs: 6, duration: '600ms' }, [1, 2, 3, 4], 4],
] // biome-ignore format: one row a case

describe('several generators', { concurrency: 2, timeout: 60_000 }, () => {
  for (const [title, scenario, tells] of exact) {
    it(`start together exactly what one does: ${title}`, async (t) => {
      const runs = await Promise.all([1, 2, 3].map((count) => runShared(t, count, telling(scenario, tells))))
      const [alone] = runs.map(({ arrivals }) => arrivals.toSorted())
      assert.ok(new Set(alone).size === alone!.length && alone!.length >= 15, 'each start tells something else')
      for (const { result, arrivals } of runs) {
        assert.deepEqual(arrivals.toSorted(), alone)
        assert.equal(sumOf(result, 'http_reqs'), alone!.length)
        assert.equal(sumOf(result, 'dropped_iterations') ?? 0, 0)
        const { told, stored } = countIn(result, 'http_req_duration')
        assert.deepEqual([told, stored], [alone!.length, alone!.length])
        assert.deepEqual(result.checks.map(({ passes, fails }) => [passes, fails]), [[alone!.length, 0]])
        assert.deepEqual(result.thresholds.map(({ passed }) => passed), [true])
        assert.equal(result.exitCode, 0)
      }
    }) // biome-ignore format: one list
  }

  for (const [title, scenario, expected, cutAtMost] of looping) {
    it(`have the same users as one: ${title}`, async (t) => {
      for (const count of [1, 2]) {
        const { result, arrivals } = await runShared(t, count, telling(scenario, 'vu.idInTest', 'sleep(0.02)'))
        assert.deepEqual([...new Set(arrivals)].map(Number).sort(), expected)
        const counted = sumOf(result, 'http_reqs')!
        const cut = arrivals.length - counted
        assert.ok(cut >= 0 && cut <= cutAtMost, `${cut} requests arrived that nobody counted`)
        assert.equal(result.checks[0]!.passes, counted)
      }
    })
  }

  it('set up and tear down once, and all users see what setup gave', async (t) => {
    const { result, said, arrivals } = await runShared(
      t,
      2,
      `import http from 'k6/http'
       export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 4 } } }
       export function setup() { console.log('setup'); return { token: 'abc' } }
       export default function (data) { http.get(__ENV.URL + '/' + data.token) }
       export function teardown(data) { console.log('teardown ' + data.token) }`,
    )
    assert.deepEqual(said, ['info setup', 'info teardown abc'])
    assert.deepEqual(arrivals, ['abc', 'abc', 'abc', 'abc'])
    assert.deepEqual([result.setupJson, result.maxVUs], ['{"token":"abc"}', 4])
  })

  it('all end when the script aborts in one of them', async (t) => {
    const { result, said } = await runShared(
      t,
      2,
      `import { sleep } from 'k6'
       import exec from 'k6/execution'
       export const options = { vus: 4, duration: '50s' }
       export default function () { if (__VU === 2) exec.test.abort('enough'); sleep(50) }
       export function teardown() { console.log('teardown') }`,
    )
    assert.deepEqual([result.exitCode, result.endedBecause], [108, 'test aborted: enough'])
    assert.deepEqual(said, ['warn test aborted: enough', 'info teardown'])
  })

  it('of which some have no users are of no harm', async (t) => {
    const one = "executor: 'per-vu-iterations', vus: 1"
    const { result, arrivals } = await runShared(
      t,
      2,
      `import http from 'k6/http'
       export const options = { scenarios: { a: { ${one}, exec: 'a' }, b: { ${one}, exec: 'b' } } }
       export function a() { http.get(__ENV.URL + '/a') }
       export function b() { http.get(__ENV.URL + '/b') }`,
    )
    assert.deepEqual([arrivals.toSorted(), result.maxVUs, result.exitCode], [['a', 'b'], 2, 0])
  })

  it('write each sample once, and what stands once in a file only once and first', async (t) => {
    const { folder, arrivals } = await runShared(
      t,
      2,
      telling({ executor: 'constant-vus', vus: 4, duration: '1200ms' }, 'vu.idInTest', 'sleep(0.1)'),
      ['json', 'csv'],
    )
    const lines = readFileSync(join(folder, 'samples.json'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
    const announced = lines.filter(({ type }) => type === 'Metric').map(({ metric }) => metric)
    assert.equal(new Set(announced).size, announced.length)
    const points = lines.slice(announced.length)
    assert.ok(points.every(({ type, metric }) => type === 'Point' && announced.includes(metric)))
    const valuesOf = (name: string) => points.filter(({ metric }) => metric === name).map(({ data }) => data.value)
    assert.equal(valuesOf('http_reqs').length, arrivals.length)
    assert.equal(valuesOf('vus').length, 1)
    assert.deepEqual(valuesOf('vus_max'), [4])
    const rows = readFileSync(join(folder, 'samples.csv'), 'utf8').trimEnd().split('\n')
    const names = rows.map((row) => row.split(',')[0])
    assert.deepEqual([names.indexOf('metric_name'), names.lastIndexOf('metric_name')], [0, 0])
    assert.equal(names.filter((name) => name === 'http_reqs').length, arrivals.length)
  }) // biome-ignore format: one list

  it('are given up together when one of them is killed', async (t) => {
    const script = await scriptFiles(t, {
      'script.js': "export const options = { vus: 2, duration: '60s' }\nexport default function () {}",
    })
    let pids: number[] = []
    const ready = (_: unknown, all: number[]): void => {
      pids = all
      process.kill(all[1]!, 'SIGKILL')
    }
    const job = { script, env: {}, options: {}, cpus: null, generators: 2 }
    await assert.rejects(sessionsEngine.run(job, { ready }, new AbortController().signal), /generator 2 .* was killed by SIGKILL/)
    assert.equal(pids.length, 2)
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  }) // biome-ignore format: one line

  it('that cannot be started are told of, and nothing waits for them', async (t) => {
    const script = await scriptFiles(t, { 'script.js': 'export default function () {}' })
    const path = process.env.PATH
    process.env.PATH = '/nowhere'
    t.after(() => (process.env.PATH = path))
    const job = { script, env: {}, options: {}, cpus: '0', generators: 2 }
    await assert.rejects(sessionsEngine.inspect(job, new AbortController().signal), /taskset/)
  })
})
