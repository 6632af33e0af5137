import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { conduct, scriptFiles } from '../k6/run-script.ts'

async function handled(t: TestContext, body: string, summarize: () => unknown = () => ({ a: 1 })) {
  const script = await scriptFiles(t, {
    'script.js': `export default function () {}\nexport function handleSummary(data) { ${body} }`,
  })
  const errors: string[] = []
  const log = (level: string, message: string) => void (level === 'error' && errors.push(message))
  const { summaries, exitCode } = await conduct({ script, env: {}, options: {} }, { log, summarize })
  return { summaries, exitCode, errors }
}

test('What handleSummary() makes of its data is to be written, text and bytes', async (t) => {
  const body = `return { stdout: JSON.stringify(data), 'a.bin': new Uint8Array([1, 2]).buffer }`
  const { summaries } = await handled(t, body)
  assert.deepEqual(summaries, { stdout: '{"a":1}', 'a.bin': new Uint8Array([1, 2]) })
})

test('Where it returns nothing, or throws, the usual text is shown', async (t) => {
  assert.equal((await handled(t, '')).summaries, null)
  const { summaries, errors, exitCode } = await handled(t, `throw new Error('oops')`)
  assert.deepEqual([summaries, exitCode], [null, 0])
  assert.match(errors.join(), /Error: oops/)
})

for (const [body, message] of [
  [`return 'text'`, /handleSummary\(\) should return a map with string keys/],
  ['return { stdout: 5 }', /summary object stdout: invalid type number, it needs to be a string or ArrayBuffer/],
] as const) {
  test(`${body} is an error, and nothing is written`, async (t) => {
    const { summaries, errors } = await handled(t, body)
    assert.deepEqual(summaries, {})
    assert.match(errors.join(), message)
  })
}

test('It is not called where no summary is wanted', async (t) => {
  const { summaries, errors } = await handled(t, `throw new Error('called')`, () => undefined)
  assert.deepEqual([summaries, errors], [undefined, []])
})
