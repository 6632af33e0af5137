import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import type { ToolHost } from '../../../reference-server/tool-host/port.ts'
import { lazyToolLoading } from '../../../reference-server/tool-loading/lazy.ts'
import { parametersOf, type ToolName, toolDeclarations } from '../../../reference-server/tools/declarations.ts'
import { createTools } from '../../../reference-server/tools/tools.ts'
import { sharedWorkPool } from '../../../reference-server/work-pool/shared.ts'
import { seededRandom } from '../../support/random.ts'

const host: ToolHost = { ask: async () => 'ok', callsInFlight: 0, connectionsMade: 0, close: async () => {} }
const tools = createTools({
  loading: lazyToolLoading(),
  work: sharedWorkPool({ worker: { index: 0, count: 1 } }),
  host,
})
after(() => tools.close())

interface Parameters {
  properties: Record<string, { enum?: string[] }>
  required: string[]
}

/** JSON values that have broken programs before. */
const values = [
  ...['null', 'true', '-0', '1', '1e308', '-1', '0.5', '1e400', '99999999999999999999'],
  ...['""', '" "', '"\\u0000"', '"\\ud800"', '"__proto__"', '"/__proto__/x"', '"%s%n"', '"../../etc/passwd"'],
  ...['"en"', '"UTC"', '"m"', '"K"', '"encode"', '"decode"', '"hex"', '"url"', '"base64"', '","', '"1/0"', '"((1))"'],
  ...[
    '"a,b\\n\\"1\\",2"',
    '"{\\"a\\":[1,2]}"',
    '"class A { a() {} }"',
    '"\u202e\u0301👩‍👩‍👧"',
    `"${'x'.repeat(1_000)}"`,
  ],
  ...['[]', '{}', '{"__proto__":1}', '{"constructor":{"prototype":{}}}', '{"type":"object","$ref":"#"}', '[[[[]]]]'],
  ...[
    '{"allOf":[{"$ref":"#/allOf/0"}]}',
    '{"$id":"a","pattern":"("}',
    '{"enum":[]}',
    `${'['.repeat(50)}${']'.repeat(50)}`,
  ],
]

it('A tool makes a text of whatever it is called with, and never counts as failed', async (t) => {
  const log = t.mock.method(process.stderr, 'write', () => true)
  const { uniform } = seededRandom(7)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)]!
  for (const { name } of toolDeclarations) {
    const { properties, required } = parametersOf(name as ToolName) as unknown as Parameters
    /** Now and then what the declaration lists, so that not every call ends at the first look. */
    const argument = ([key, { enum: listed }]: [string, { enum?: string[] }]): string =>
      `${JSON.stringify(key)}:${listed && uniform() < 0.7 ? JSON.stringify(pick(listed)) : pick(values)}`
    for (let call = 0; call < 150; call++) {
      const given = Object.entries(properties).filter(([key]) => required.includes(key) || uniform() < 0.3)
      const args = `{${given.map(argument).join()}}`
      const text = await tools.run({ id: '1', name, arguments: args }, new AbortController().signal)
      assert.ok(text.length <= 20_000, `${name} ${args}`)
    }
  }
  const lines = log.mock.calls.map((call) => `${call.arguments[0]}`)
  log.mock.restore()
  assert.deepEqual(lines, [])
})
