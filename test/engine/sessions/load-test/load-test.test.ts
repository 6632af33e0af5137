import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserError } from '../../../../harness/errors.ts'
import { localServer } from '../k6/local-server.ts'
import { runScript } from '../k6/run-script.ts'

describe('a load test', { concurrency: 8 }, () => {
  it('gives every user a copy of its own of what setup() returned, through JSON', async (t) => {
    const { said } = await runScript(
      t,
      `export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } }
       export function setup() { return { list: [0], at: new Date(0), nothing: undefined, number: NaN } }
       export default function (data) { data.list.push(__VU); console.log(JSON.stringify(data)) }
       export function teardown(data) { console.log('teardown ' + JSON.stringify(data)) }`,
    )
    const rest = '"at":"1970-01-01T00:00:00.000Z","number":null}'
    assert.deepEqual(said.slice(0, 4).sort(), [`{"list":[0,1,1],${rest}`, `{"list":[0,1],${rest}`, `{"list":[0,2,2],${rest}`, `{"list":[0,2],${rest}`])
    assert.equal(said[4], `teardown {"list":[0],${rest}`)
  }) // biome-ignore format: one list

  it('gives undefined without setup(), and null for null', async (t) => {
    const body = 'export default function (data) { console.log(String(data)) }'
    assert.deepEqual((await runScript(t, body)).said, ['undefined'])
    assert.deepEqual((await runScript(t, `export function setup() { return null }\n${body}`)).said, ['null'])
  })

  const ends: [title: string, source: string, exitCode: number, said: string[]][] = [
    ['setup() throws', "export function setup() { throw new Error('bad') }", 107, []],
    ['setup() takes too long', "export const options = { setupTimeout: '50ms' }\nexport function setup() { sleep(5) }", 100, []],
    ['setup() ends in a failed promise', 'export async function setup() { await Promise.reject(new Error()) }', 107, []],
    ['everything is well', 'export function setup() {}', 0, ['ran', 'torn down']],
  ] // biome-ignore format: one row a case
  for (const [title, source, exitCode, expected] of ends) {
    it(`ends with ${exitCode} where ${title}`, async (t) => {
      const { result, said } = await runScript(
        t,
        `import { sleep } from 'k6'
         ${source}
         export default function () { console.log('ran') }
         export function teardown() { console.log('torn down') }`,
      )
      assert.deepEqual([result.exitCode, said], [exitCode, expected])
    })
  }

  it('ends with 107 or 101 where teardown() throws or takes too long', async (t) => {
    const run = (teardown: string) =>
      runScript(
        t,
        `import { sleep } from 'k6'
         export const options = { teardownTimeout: '50ms' }
         export default function () {}
         export function teardown() { ${teardown} }`,
      )
    assert.equal((await run("throw new Error('bad')")).result.exitCode, 107)
    assert.equal((await run('sleep(5)')).result.exitCode, 101)
  })

  it('records failures that a script counts by itself over time, and no other rate of its own', async (t) => {
    const { result } = await runScript(
      t,
      `import { sleep } from 'k6'
       import { Rate } from 'k6/metrics'
       const [failed, warm] = [new Rate('turn_failed'), new Rate('warm')]
       export default function () { failed.add(true); warm.add(true); sleep(0.3) }`,
    )
    const own = result.series.filter(({ metric }) => ['turn_failed', 'warm'].includes(metric))
    assert.deepEqual(
      own.map(({ metric, stat, unit }) => [metric, stat, unit]),
      [['turn_failed', 'rate', 'per second']],
    )
    assert.ok(own[0]!.v.some((perSecond) => perSecond! > 0))
  })

  it('logs an exception of an iteration with its place; the next iteration goes on', async (t) => {
    const { said, errors, result, metric } = await runScript(
      t,
      `import { sleep } from 'k6'
export const options = { iterations: 3 }
export default function () {
  console.log(__ITER)
  sleep(0.001)
  throw new TypeError('boom')
}`,
    )
    assert.deepEqual(said, ['0', '1', '2'])
    assert.equal(errors.length, 3)
    assert.match(errors[0]!, /TypeError: boom.*script\.js:6:/s)
    assert.deepEqual([result.exitCode, metric('iterations')?.sum], [0, 3])
  })

  it('refuses a script that throws in its init code, for whichever user', async (t) => {
    const isExpected = (error: unknown): boolean =>
      error instanceof UserError && error.exitCode === 107 && /bad start.*script\.js:1:/s.test(error.message)
    await assert.rejects(runScript(t, "throw new Error('bad start')\nexport default function () {}"), isExpected)
    const second = "if (__VU === 2) throw new Error('bad start')\nexport default function () {}"
    await assert.rejects(runScript(t, second, { options: { vus: 3, iterations: 3 } }), isExpected)
  })

  it('is stopped from outside: iterations are interrupted, teardown runs, the code is the one given', async (t) => {
    const { result, said, metric } = await runScript(
      t,
      `import { sleep } from 'k6'
       export const options = { vus: 4, duration: '60s' }
       export default function () { try { sleep(30) } finally { console.log('finally') } }
       export function teardown() { console.log('torn down') }`,
      { use: (test) => void setTimeout(() => test.stop(105, 'stopped by a signal'), 100) },
    )
    assert.deepEqual([result.exitCode, result.endedBecause, said], [105, 'stopped by a signal', ['torn down']])
    assert.equal(metric('interrupted_iterations')?.sum, 4)
    assert.equal(metric('iterations'), undefined)
  })

  it('that was stopped before it began starts nothing, not even setup()', async (t) => {
    const { result, said } = await runScript(
      t,
      `export function setup() { console.log('set up') }
       export default function () { console.log('ran') }
       export function teardown() { console.log('torn down') }`,
      { use: (test) => test.stop(105, 'stopped') },
    )
    assert.deepEqual([result.exitCode, said], [105, []])
  })

  it('leaves no connection behind', async (t) => {
    const server = await localServer(t)
    await runScript(
      t,
      `import http from 'k6/http'
       export default function () { http.get('${server.url}/echo'); http.asyncRequest('GET', '${server.url}/echo') }`,
      { options: { vus: 5, iterations: 10 } },
    )
    assert.equal(server.requests.length, 20)
    while (server.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('runs scenarios at their times, each with its own function, environment and tags', async (t) => {
    const { said, metric, result } = await runScript(
      t,
      `import { sleep } from 'k6'
       import { Counter } from 'k6/metrics'
       const done = new Counter('done')
       export const options = { thresholds: { 'done{stage:late}': ['count==1'] }, scenarios: {
         early: { executor: 'shared-iterations', vus: 2, iterations: 4, exec: 'work', env: { NAME: 'e' } },
         late: { executor: 'shared-iterations', exec: 'work', startTime: '200ms', env: { NAME: 'l' }, tags: { stage: 'late' } } } }
       export function work() { done.add(1); console.log(__ENV.NAME + (__ENV.SHARED ?? '')); sleep(0.01) }`,
      { env: { SHARED: '!' } },
    )
    assert.deepEqual(said, ['e!', 'e!', 'e!', 'e!', 'l!'])
    assert.deepEqual([metric('done', { scenario: 'early' })?.sum, metric('done', { scenario: 'late' })?.sum], [4, 1])
    assert.deepEqual(result.phases.map(({ name, startS }) => [name, startS]), [['early', 0], ['late', 0.2]])
    assert.equal(result.exitCode, 0)
  }) // biome-ignore format: one list

  it('puts given options above those of the script, as flags of k6 are', async (t) => {
    const script = `export const options = { scenarios: { own: { executor: 'per-vu-iterations', vus: 3, iterations: 3 } } }
      export default function () {}`
    const count = async (options: Record<string, unknown>) => (await runScript(t, script, { options })).metric('iterations')?.sum
    assert.deepEqual([await count({}), await count({ iterations: 2 }), await count({ vus: 2 })], [9, 2, 9])
  }) // biome-ignore format: one list

  it('counts its users once a second while they are at work', async (t) => {
    const { metric, result } = await runScript(
      t,
      `import { sleep } from 'k6'
       export const options = { vus: 3, duration: '1100ms' }
       export default function () { sleep(1.15) }`,
    )
    assert.deepEqual([metric('vus')?.min, metric('vus')?.max, metric('vus_max')?.max, result.maxVUs], [3, 3, 3, 3])
  })

  it('counts the users of a last second that ends with the load', async (t) => {
    const { metric } = await runScript(
      t,
      `import { sleep } from 'k6'
       export const options = { vus: 3, duration: '2s' }
       export default function () { sleep(2.002) }`,
    )
    assert.deepEqual([metric('vus')?.min, metric('vus')?.max], [3, 3])
  })

  it('tells what it does not act on', async (t) => {
    const { result } = await runScript(
      t,
      `export const options = { httpDebug: 'full', paused: true }
       export default function () {}`,
    )
    assert.deepEqual(result.warnings.map((line) => /option "(\w+)"/.exec(line)?.[1]).sort(), ['httpDebug', 'paused'])
  })
})
