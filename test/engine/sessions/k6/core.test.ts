import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserError } from '../../../../harness/errors.ts'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

describe('module k6', { concurrency: 8 }, () => {
  it('check() counts what was true and what was not, by group and name, and says whether all were', async (t) => {
    const { result, said, metric } = await runScript(
      t,
      `import { check, group } from 'k6'
       export default function () {
         const all = check(5, { 'is five': (v) => v === 5, 'is truthy': (v) => v, literal: true })
         const some = check(5, { 'is five': (v) => v === 5, 'is six': (v) => v === 6, nothing: null })
         group('outer', () => group('inner', () => check(1, { deep: (v) => v === 1 })))
         console.log(all, some, check(1, {}))
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['true false true', 'true false true'])
    assert.deepEqual(
      result.checks.map(({ path, passes, fails }) => [path, passes, fails]),
      [
        ['::is five', 4, 0],
        ['::is truthy', 2, 0],
        ['::literal', 2, 0],
        ['::is six', 0, 2],
        ['::nothing', 0, 2],
        ['::outer::inner::deep', 2, 0],
      ],
    )
    assert.deepEqual([metric('checks')?.sum, metric('checks')?.count], [10, 14])
  })

  it('a check that asks the server is waited for', async (t) => {
    const server = await localServer(t)
    const { said } = await runScript(
      t,
      `import { check } from 'k6'
       import http from 'k6/http'
       export default function () {
         const passed = check(null, { up: () => http.get('${server.url}/').status === 200, down: () => http.get('${server.url}/status/500').status === 200 })
         console.log(passed)
       }`,
    )
    assert.deepEqual(said, ['false'])
  })

  it('group() returns what its function does, nests, ends with an exception, and measures itself', async (t) => {
    const { said, metric, result } = await runScript(
      t,
      `import { group, sleep } from 'k6'
       import exec from 'k6/execution'
       export default function () {
         const value = group('a', () => { sleep(0.01); return group('b', () => { sleep(0.01); return exec.vu.tags.group }) })
         console.log(value, JSON.stringify(exec.vu.tags.group))
         try { group('c', () => { throw new Error('out') }) } catch (e) { console.log(e.message, JSON.stringify(exec.vu.tags.group)) }
       }
       export const options = { thresholds: { 'group_duration{group:::a::b}': ['avg>=10'], 'group_duration{group:::a}': ['avg>=20'] } }`,
    )
    assert.deepEqual(said, ['::a::b ""', 'out ""'])
    assert.equal(metric('group_duration')?.count, 3)
    assert.deepEqual(
      result.thresholds.map(({ passed }) => passed),
      [true, true],
    )
  })

  it('fail() ends the iteration; the next goes on', async (t) => {
    const { said, errors, result } = await runScript(
      t,
      `import { fail } from 'k6'
       export default function () { console.log(__ITER); if (__ITER === 0) fail('not today'); console.log('through') }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['0', '1', 'through'])
    assert.match(errors[0]!, /not today.*script\.js:2:/s)
    assert.equal(result.exitCode, 0)
  })

  it('sleep() is never shorter than it was asked to be', async (t) => {
    const { said } = await runScript(
      t,
      `import { sleep } from 'k6'
       export default function () { const from = Date.now(); sleep(0.05); const took = Date.now() - from; sleep(0); sleep(-1); console.log(took >= 49) }`,
      { options: { vus: 5, iterations: 5 } },
    )
    assert.deepEqual(said, ['true', 'true', 'true', 'true', 'true'])
  })

  it('randomSeed() makes the random numbers of a user repeat, and of no other', async (t) => {
    const { said } = await runScript(
      t,
      `import { randomSeed } from 'k6'
       export default function () { if (__VU === 1) randomSeed(42); console.log(__VU + ' ' + Math.random()) }`,
      { options: { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } } },
    )
    const [seeded, free] = ['1 ', '2 '].map((user) => said.filter((line) => line.startsWith(user)))
    assert.equal(seeded![0], seeded![1])
    assert.notEqual(free![0], free![1])
    assert.notEqual(seeded![0]!.slice(2), free![0]!.slice(2))
  })

  for (const call of [
    'sleep(1)',
    'check(1, {})',
    "group('a', () => {})",
    "http.get('http://x/')",
    'setTimeout(() => {}, 1)',
    "new WebSocket('ws://x/')",
  ]) {
    it(`refuses ${call} in the init context, by its place`, async (t) => {
      const source = `import { sleep, check, group } from 'k6'
import http from 'k6/http'
import { WebSocket } from 'k6/websockets'
${call}
export default function () {}`
      const isExpected = (error: unknown): boolean =>
        error instanceof UserError &&
        error.exitCode === 107 &&
        /top level/.test(error.message) &&
        /script\.js:4:/.test(error.message)
      await assert.rejects(runScript(t, source), isExpected)
    })
  }

  it('an exception names file and line of the script, also behind a blocking call and in another file', async (t) => {
    const { errors } = await runScript(t, {
      'main.js': `import { sleep } from 'k6'
import { broken } from './lib.js'
export default function () {
  sleep(0.001)
  broken()
}`,
      'lib.js': `export function broken() {
  const nothing = undefined
  return nothing.field
}`,
    })
    assert.match(errors[0]!, /TypeError: Cannot read properties of undefined.*lib\.js:3:.*main\.js:5:/s)
  })

  it('iterations that wait for nothing give the others their turn', async (t) => {
    const { metric, result } = await runScript(
      t,
      `import { sleep } from 'k6'
       export const options = { scenarios: {
         busy: { executor: 'constant-vus', vus: 2, duration: '300ms', exec: 'nothing' },
         calm: { executor: 'constant-vus', vus: 1, duration: '300ms', exec: 'calm', gracefulStop: '0s' } } }
       export function nothing() {}
       export function calm() { sleep(0.02) }`,
    )
    assert.ok(metric('iterations', { scenario: 'busy' })!.sum > 100)
    assert.ok(metric('iterations', { scenario: 'calm' })!.sum >= 5, 'the sleeping user was woken in time')
    assert.equal(result.exitCode, 0)
  })
})
