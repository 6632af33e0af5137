import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type Finished, runWeir } from '../end-to-end/weir.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-check-'))
after(() => rmSync(dir, { recursive: true }))

/** Asks no k6 that this machine may have, unless the test brings its own. */
const check = (text: string, ...args: string[]): Promise<Finished> => checkAsking(text, '--no-k6', ...args)

async function checkAsking(text: string, ...args: string[]): Promise<Finished> {
  writeFileSync(join(dir, 'script.js'), text)
  const finished = await runWeir(dir, ['check', 'script.js', ...args])
  assert.deepEqual(finished.leftOver, [], 'nothing is left running')
  return finished
}

describe('weir check', () => {
  it('tells what a script does, and options that have no effect with their place', async () => {
    const { code, stdout } = await check(
      `export const options = {\n  vus: 3, duration: '2s',\n  tresholds: {} }\nexport default function () { throw new Error(__ENV.KEY) }`,
    )
    const lines = stdout.trim().split('\n')
    assert.match(lines[0]!, /^script\.js:3:3: weir differs: option "tresholds" is none of k6's/)
    assert.deepEqual(lines.slice(1), [
      'ok: default: 3 looping users for 2s',
      'ok: at most 3 users at once, 2 s',
      'weir: runs it',
      'k6: runs it, as far as weir can tell (no k6 was asked)',
    ])
    assert.equal(code, 0)
  })

  it('lists as JSON all that keeps a script from running, each with its place', async () => {
    const text = `import { sleep } from 'k6'\nimport 'k6/browser'\nexport default () => [1].sort(() => sleep(1))`
    const { code, stdout } = await check(text, '--json')
    const { runs, findings, scenarios } = JSON.parse(stdout)
    assert.deepEqual([runs, scenarios, code], [{ weir: false, k6: null }, null, 107])
    assert.deepEqual(
      findings.map(({ line, kind }: { line: number; kind: string }) => `${kind} ${line}`),
      ['refused 2', 'refused 3'],
    )
  })

  it('hands on what is wrong with the options, and the environment', async () => {
    const text = `if (__ENV.USERS !== '0') throw new Error('no users')\nexport const options = { vus: Number(__ENV.USERS), duration: '1s' }\nexport default () => {}`
    const { code, stdout } = await check(text, '-e', 'USERS=0')
    assert.match(stdout, /weir refuses: .*at least 1, found 0/)
    assert.equal(code, 107)
  })

  const byBoth: [title: string, text: string][] = [
    ['a request at the top level', "import http from 'k6/http'\nhttp.get('http://127.0.0.1:1/')\nexport default () => {}"],
    ['no function to run', "export const options = { vus: 1, duration: '1s' }"],
    ['an unknown executor', "export const options = { scenarios: { a: { executor: 'toString' } } }\nexport default () => {}"],
    ['an unknown option of an executor', "export const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', foo: 1 } } }\nexport default () => {}"],
    ['a threshold that is none', "export const options = { thresholds: { iterations: ['count<<0'] } }\nexport default () => {}"],
    ['a file that is missing', "open('./gone.txt')\nexport default () => {}"],
  ] // biome-ignore format: one row a case
  for (const [title, text] of byBoth)
    it(`tells that neither engine runs ${title}`, async () => {
      const { code, stdout } = await check(text)
      assert.match(stdout, /weir: does not run it\nk6: does not run it\n$/)
      assert.equal(code, 107)
    })

  it('tells that k6 does not run what lasts less than a second, and weir does', async () => {
    const { code, stdout } = await check("export const options = { duration: '300ms' }\nexport default () => {}")
    assert.match(stdout, /k6 refuses: scenario "default" lasts 300ms/)
    assert.match(stdout, /weir: runs it\nk6: does not run it/)
    assert.equal(code, 107)
  })

  it('knows nothing of k6 where only weir refuses, and says so', async () => {
    const { stdout } = await check("import { sleep } from 'k6'\nexport default () => [1].sort(() => sleep(1))")
    assert.match(stdout, /weir: does not run it\nk6: not known \(no k6 was asked\)/)
  })

  it('takes members that every object has for what they are', async () => {
    const text = `import http from 'k6/http'
      export default () => { const r = http.get(__ENV.URL); r.status.toString(); r.headers.hasOwnProperty('A'); r.body.constructor; r.valueOf() }`
    const { code, stdout } = await check(text)
    assert.doesNotMatch(stdout, /refuses/)
    assert.equal(code, 0)
  })

  it('asks the k6 that is on the PATH, unless it is told not to', async () => {
    const line = 'time="2026-01-01T00:00:00Z" level=error msg="could not load: \\"k6/none\\" is unknown"'
    writeFileSync(join(dir, 'k6'), `#!/bin/sh\necho '${line}' >&2\nexit 107\n`)
    chmodSync(join(dir, 'k6'), 0o755)
    const before = process.env.PATH
    process.env.PATH = `${dir}${delimiter}${before}`
    const text = 'export default () => {}'
    const [{ code, stdout }, required, unasked] = await Promise.all([
      checkAsking(text),
      checkAsking(text, '--k6'),
      checkAsking(text, '--no-k6'),
    ]).finally(() => {
      process.env.PATH = before
    })
    assert.equal(required.stdout, stdout)
    assert.match(unasked.stdout, /k6: runs it, as far as weir can tell/)
    assert.match(stdout, /k6 refuses: k6 inspect: could not load: "k6\/none" is unknown/)
    assert.match(stdout, /weir: runs it\nk6: does not run it/)
    assert.equal(code, 107)
  })

  it('says that a script is not there', async () => {
    const { code, stderr } = await runWeir(dir, ['check', 'none.js'])
    assert.match(stderr, /the script "none\.js" does not exist/)
    assert.equal(code, 104)
  })
})
