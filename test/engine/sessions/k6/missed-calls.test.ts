import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScript } from './run-script.ts'

/** What is made of text at run time nobody can follow. */
const head = `import { sleep } from 'k6'
const lost = new Function('f', 'return f()')
const login = () => { sleep(0); return { status: 200 } }
`

const uses: Record<string, string> = {
  'as a text': `lost(login) + '!'`,
  'as a number': `lost(login) * 2`,
  'as a key': `({})[lost(login)]`,
  'for its status': `lost(login).status`,
  'for its body': `lost(login).body`,
  'for its json': `lost(login).json()`,
}

for (const [name, use] of Object.entries(uses)) {
  test(`a result that was not waited for is an error at its place where it is used ${name}`, async (t) => {
    const { errors } = await runScript(t, `${head}export default function () {\n  return ${use}\n}`)
    assert.match(errors[0]!, /a result that is still on its way/)
    assert.match(errors[0]!, /was not recognised as blocking/)
    assert.match(errors[0]!, /at default \(.*script\.js:5:\d+\)/)
  })
}

test('a promise that is awaited is none of that', async (t) => {
  const text = `export default async function () { const p = Promise.resolve('a'); console.log((await p) + typeof p, p instanceof Promise) }`
  const { said, errors } = await runScript(t, text)
  assert.deepEqual([said, errors], [['aobject true'], []])
})

test('a promise may still be given fields of its own by those names', async (t) => {
  const text = `export default function () { const p = Promise.resolve(1); p.url = '/here'; console.log(p.url, Object.keys(p)) }`
  const { said, errors } = await runScript(t, text)
  assert.deepEqual([said, errors], [['/here [ "url" ]'], []])
})
