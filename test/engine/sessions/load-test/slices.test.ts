import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { monotonicNow } from '../../../../harness/clock.ts'
import type { RunSlice } from '../../../../harness/engine/port.ts'
import { sessionsEngine } from '../../../../harness/engine/sessions/engine.ts'
import { Conductor } from '../../../../harness/engine/sessions/load-test/conductor.ts'
import { localServer } from '../k6/local-server.ts'
import { scriptFiles } from '../k6/run-script.ts'
import { partThat, planWith } from './seconds.ts'

const goesOn = new AbortController().signal

const scriptWith = (load: string, rest = '') => `
  import http from 'k6/http'
  import exec from 'k6/execution'
  export const options = {
    scenarios: { loop: { executor: 'constant-vus', vus: 3, duration: '2s', ${load} } },
    ext: { weir: { capacity: ['loop'] } }, ${rest}
  }
  export function setup() { return 'told' }
  export default function (data) {
    http.get(__ENV.URL + '/echo?' + [exec.scenario.iterationInTest, data].join())
  }`

async function jobFor(t: TestContext, source: string, env: Record<string, string> = {}) {
  return { script: await scriptFiles(t, { 'script.js': source }), env, options: {}, cpus: null, generators: 1 }
}

describe('a load in slices', { timeout: 40_000 }, () => {
  it('stands still but for them, counts iterations on, and tells its time as if they were one', async (t) => {
    const server = await localServer(t)
    const job = await jobFor(t, scriptWith(''), { URL: server.url })
    const counts: number[] = []
    const lead = async (slice: RunSlice) => {
      for (let number = 0; number < 2; number++) {
        const startMs = monotonicNow() + 50
        const drainedMs = await slice(startMs, 1000)
        assert.ok(drainedMs !== null && drainedMs >= startMs + 1000)
        counts.push(server.requests.length)
        // A user that began something between slices would be seen here.
        await new Promise((resolve) => setTimeout(resolve, 100))
        counts.push(server.requests.length)
      }
    }
    const result = await sessionsEngine.run(job, { lead }, goesOn)
    assert.equal(result.exitCode, 0)
    assert.ok(counts[0]! > 0 && counts[2]! > counts[1]!)
    assert.deepEqual([counts[1], counts[3]], [counts[0], counts[2]])
    const asked = server.requests.map(({ url }) => Number(/\d+/.exec(url)![0])).sort((a, b) => a - b)
    assert.deepEqual(
      asked,
      asked.map((_, index) => index),
    )
    assert.ok(server.requests.every(({ url }) => url.endsWith(',told')))
    assert.deepEqual(result.phases, [{ name: 'loop', startS: 0, endS: 2 }])
    const iterations = result.metrics.filter(({ metric }) => metric === 'iterations')
    assert.equal(iterations.find(({ scenario }) => scenario === 'loop')!.sum, asked.length)
    const rate = result.series.find(({ metric }) => metric === 'iterations')!
    assert.deepEqual(rate.t.map(Math.floor), [0, 1])
  })

  const refused: [load: string, rest: string, why: RegExp][] = [
    ["startTime: '1s'", '', /has a startTime/],
    ['', 'rps: 10', /gives it a pace/],
    ['', "minIterationDuration: '1s'", /gives it a pace/],
  ]
  for (const [load, rest, why] of refused)
    it(`is not to be had with ${load}${rest}, and says so before it begins`, async (t) => {
      const { notInSlices } = await sessionsEngine.inspect(await jobFor(t, scriptWith(load, rest)), goesOn)
      assert.match(notInSlices!, why)
    })

  const others: [scenarios: string, capacity: string, why: RegExp][] = [
    ["loop: { executor: 'ramping-vus', stages: [{ target: 1, duration: '1s' }] }", "'loop'", /executor ramping-vus, and must have constant-vus/],
    ["loop: { executor: 'constant-vus', vus: 1, duration: '1s' }", '', /not named in options\.ext\.weir\.capacity/],
    ["loop: { executor: 'constant-vus', vus: 1, duration: '1s' }, more: { executor: 'constant-vus', vus: 1, duration: '1s' }", "'loop'", /it has 2 k6 scenarios/],
  ] // biome-ignore format: one row a case
  for (const [scenarios, capacity, why] of others)
    it(`is not to be had where ${why.source.replaceAll('\\', '')}`, async (t) => {
      const source = `export const options = { scenarios: { ${scenarios} }, ext: { weir: { capacity: [${capacity}] } } }
        export default function () {}`
      assert.match((await sessionsEngine.inspect(await jobFor(t, source), goesOn)).notInSlices!, why)
    })

  it('has all of its parts run each slice at the same time, and is drained when the last of them is', async () => {
    const calls: string[] = []
    const late = (byMs: number) => (startMs: number, lengthMs: number) => Promise.resolve(startMs + lengthMs + byMs)
    const drained: (number | null)[] = []
    const lead = async (slice: RunSlice) => void drained.push(await slice(5000, 1000), await slice(9000, 1000))
    const parts = [partThat('a', calls, { slice: late(3) }), partThat('b', calls, { slice: late(7) })]
    const result = await new Conductor(planWith(), 2, { log: () => {}, lead }).run(parts)
    assert.deepEqual(drained, [6007, 10_007])
    assert.deepEqual(result.phases, [{ name: 'default', startS: 0, endS: 2 }])
    assert.equal(result.startMs, 5000)
    assert.ok(!calls.some((call) => call.includes('loads')))
  })

  it('has no further slice once it was stopped, and still tears down', async () => {
    const calls: string[] = []
    const drained: (number | null)[] = []
    const conductor = new Conductor(planWith(), 1, {
      log: () => {},
      lead: async (slice) => {
        drained.push(await slice(5000, 1000))
        conductor.stop(105, 'stopped by a signal')
        drained.push(await slice(7000, 1000))
      },
    })
    const result = await conductor.run([partThat('a', calls)])
    assert.deepEqual([drained, result.exitCode], [[6000, null], 105])
    assert.deepEqual(calls.slice(2), [
      'a runs a slice with "data"',
      'a stops 105 stopped by a signal',
      'a tears down "data"',
      'a finishes',
    ])
  })

  it('that never came has the phases that it was to have', async () => {
    const phases = [{ name: 'loop', startS: 0, endS: 2 }]
    const conductor = new Conductor(planWith({ phases }), 1, { log: () => {}, lead: async () => {} })
    assert.deepEqual((await conductor.run([partThat('a', [])])).phases, phases)
  })
})
