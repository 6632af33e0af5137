import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type Finished, runWeir } from '../end-to-end/weir.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-check-'))
after(() => rmSync(dir, { recursive: true }))

async function check(text: string, ...args: string[]): Promise<Finished> {
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
      'k6: runs it',
    ])
    assert.equal(code, 0)
  })

  it('lists as JSON all that keeps a script from running, each with its place', async () => {
    const text = `import { sleep } from 'k6'\nimport 'k6/browser'\nexport default () => [1].sort(() => sleep(1))`
    const { code, stdout } = await check(text, '--json')
    const { runs, findings, scenarios } = JSON.parse(stdout)
    assert.deepEqual([runs, scenarios, code], [{ weir: false, k6: true }, null, 107])
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

  it('asks a k6 that is on the PATH', async () => {
    const line = 'time="2026-01-01T00:00:00Z" level=error msg="could not load: \\"k6/none\\" is unknown"'
    writeFileSync(join(dir, 'k6'), `#!/bin/sh\necho '${line}' >&2\nexit 107\n`)
    chmodSync(join(dir, 'k6'), 0o755)
    const before = process.env.PATH
    process.env.PATH = `${dir}${delimiter}${before}`
    const { code, stdout } = await check('export default () => {}', '--k6').finally(() => {
      process.env.PATH = before
    })
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
