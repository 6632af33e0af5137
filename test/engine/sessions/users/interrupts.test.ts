import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../../../harness/errors.ts'
import { runScript } from '../k6/run-script.ts'

const head = `import exec from 'k6/execution'
import { check, group, sleep } from 'k6'
import { Counter } from 'k6/metrics'
import http from 'k6/http'
const mine = new Counter('mine')
export const options = { iterations: 3 }
const act = () => { console.log('acted'); check(1, { a: true }); mine.add(1); group('g', () => mine.add(1)) }
`

/** Each text declares `main`; after the abort in it nothing of it happens, as in real k6. */
const aborts: Record<string, string> = {
  'try and catch': `function main() { try { exec.test.abort('x') } catch (e) { act() } act() }`,
  'a catch without a name': `function main() { try { exec.test.abort('x') } catch { act() } act() }`,
  'a catch with a pattern': `function main() { try { exec.test.abort('x') } catch ({ message }) { act() } act() }`,
  finally: `function main() { try { exec.test.abort('x') } finally { act() } }`,
  'a finally that returns': `function f() { try { exec.test.abort('x') } finally { return 1 } } function main() { f(); act() }`,
  'try within try': `function main() { try { try { exec.test.abort('x') } catch { act() } finally { act() } } catch { act() } finally { act() } }`,
  'an endless retry': `function main() { for (;;) try { exec.test.abort('x') } catch { act() } }`,
  'a retry around a helper': `
    function retry(fn) { for (let i = 0; i < 3; i++) try { return fn() } catch (e) { act(); sleep(0.001) } }
    function main() { retry(() => { sleep(0.001); exec.test.abort('x') }); act() }`,
  group: `function main() { try { group('g', () => exec.test.abort('x')) } catch { act() } act() }`,
  check: `function main() { try { check(1, { a: () => exec.test.abort('x') }) } catch { act() } act() }`,
  'an array method that waits': `function main() { try { [1, 2].forEach(() => { sleep(0.001); exec.test.abort('x') }) } catch { act() } act() }`,
  "a promise's catch": `async function main() { await Promise.reject(1).catch(() => exec.test.abort('x')).catch(act).finally(act); act() }`,
  'an async function': `async function main() { try { await null; exec.test.abort('x') } catch { act() } act() }`,
  'what another async function goes on with': `
    async function other() { for (let i = 0; i < 9; i++) await null; act() }
    async function main() { other().catch(() => {}); exec.test.abort('x') }`,
  'a timer': `function main() { setTimeout(act, 20); setTimeout(() => { try { exec.test.abort('x') } catch { act() } finally { act() } }, 1) }`,
  'a request afterwards': `function main() { try { exec.test.abort('x') } catch {} http.get('http://127.0.0.1:1/'); act() }`,
}

for (const [name, text] of Object.entries(aborts)) {
  test(`an abort cannot be caught by ${name}`, { timeout: 10_000 }, async (t) => {
    const { result, said, errors, metric } = await runScript(t, `${head}${text}\nexport default main`)
    assert.deepEqual([result.exitCode, result.endedBecause], [108, 'test aborted: x'])
    assert.deepEqual([said, errors, result.checks], [[], [], []])
    assert.deepEqual([metric('mine'), metric('http_reqs')?.sum ?? 0, metric('interrupted_iterations')?.sum], [undefined, 0, 1])
  }) // biome-ignore format: one list
}

test('an abort in init code cannot be caught: there is no load', async (t) => {
  const text = `try { exec.test.abort('init') } catch { console.log('caught') }\nconsole.log('goes on')\nexport default function () {}`
  const said: string[] = []
  const log = (_: string, message: string): void => void said.push(message)
  await assert.rejects(runScript(t, head + text, { hooks: { log } }), (error) => {
    assert.ok(error instanceof UserError)
    assert.deepEqual([error.exitCode, error.message], [108, 'test aborted: init'])
    return true
  })
  assert.deepEqual(said, [])
})

test('an abort in setup leaves no load and no teardown, one in the load leaves teardown', async (t) => {
  const text = (setUp: string, main: string): string =>
    `${head}export function setup() { ${setUp} }\nexport default function () { ${main} }\nexport function teardown() { console.log('down') }`
  const inSetUp = await runScript(t, text(`try { exec.test.abort('x') } catch { act() } act()`, 'act()'))
  assert.deepEqual([inSetUp.result.exitCode, inSetUp.said], [108, []])
  const inLoad = await runScript(t, text('', `exec.test.abort('x')`))
  assert.deepEqual([inLoad.result.exitCode, inLoad.said], [108, ['down']])
})

test('what a script throws itself is caught as ever', async (t) => {
  const text = `function main() { try { throw new Error('own') } catch ({ message }) { console.log(message) } finally { console.log('finally') } }`
  const { said, result } = await runScript(t, `${head}${text}\nexport default main`, { options: { iterations: 1 } })
  assert.deepEqual([said, result.exitCode], [['own', 'finally'], 0])
})
