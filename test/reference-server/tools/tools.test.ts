import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { ToolHost } from '../../../reference-server/tool-host/port.ts'
import { eagerToolLoading } from '../../../reference-server/tool-loading/eager.ts'
import { lazyToolLoading } from '../../../reference-server/tool-loading/lazy.ts'
import { toolDeclarations } from '../../../reference-server/tools/declarations.ts'
import { toolTable } from '../../../reference-server/tools/table.ts'
import { createTools } from '../../../reference-server/tools/tools.ts'
import { sharedWorkPool } from '../../../reference-server/work-pool/shared.ts'

const asked: unknown[] = []
const host: ToolHost = {
  ask: async (request) => {
    asked.push(request)
    return 'sunny'
  },
  ...{ callsInFlight: 0, connectionsMade: 0, close: async () => {} },
}
const work = sharedWorkPool({ worker: { index: 0, count: 1 } })
const tools = createTools({ loading: lazyToolLoading(), work, host })
after(() => tools.close())

const unaborted = new AbortController().signal
const run = (name: string, args: unknown): Promise<string> =>
  tools.run({ id: 'call-1', name, arguments: typeof args === 'string' ? args : JSON.stringify(args) }, unaborted)

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

const cases: { tool: string; args: unknown; gives: string | RegExp }[] = [
  { tool: 'calculate', args: { expression: '1 + 2 * (3 - 4) / .5 ' }, gives: '-3' },
  { tool: 'calculate', args: { expression: '-2 ^ 2 ^ 3 % 7' }, gives: '-4' },
  { tool: 'calculate', args: { expression: '0.1 + 0.2' }, gives: '0.3' },
  { tool: 'calculate', args: { expression: '1e3 - +1' }, gives: '999' },
  { tool: 'calculate', args: { expression: '1 / 0' }, gives: 'calculate: the result is no finite number' },
  { tool: 'calculate', args: { expression: '2 *' }, gives: 'calculate: a number is missing at the end' },
  { tool: 'calculate', args: { expression: '2 * )' }, gives: 'calculate: a number is missing before ")"' },
  { tool: 'calculate', args: { expression: '(1' }, gives: 'calculate: a parenthesis is not closed' },
  { tool: 'calculate', args: { expression: '1 2' }, gives: 'calculate: "2" stands where nothing may' },
  { tool: 'calculate', args: { expression: 'process.exit()' }, gives: 'calculate: "process.exit()" is no arithmetic' },
  { tool: 'calculate', args: { expression: '('.repeat(1_000) }, gives: /number is missing/ },
  { tool: 'calculate', args: { expression: '-'.repeat(1_000) }, gives: /number is missing/ },
  { tool: 'calculate', args: { expression: '1'.repeat(1_001) }, gives: /must NOT have more than 1000 characters/ },

  { tool: 'check-json', args: { json: '3', schema: { type: 'number' } }, gives: 'the value fits the schema' },
  {
    tool: 'check-json',
    args: { json: '{"a":"x"}', schema: { required: ['b'], properties: { a: { type: 'number' } } } },
    gives: "/ must have required property 'b'\n/a must be number",
  },
  { tool: 'check-json', args: { json: '{', schema: {} }, gives: /^check-json: the value is not JSON/ },
  { tool: 'check-json', args: { json: '1', schema: { type: 7 } }, gives: /^check-json: the schema cannot be used/ },
  { tool: 'check-json', args: { json: '1', schema: { $ref: 'http://x/y' } }, gives: /the schema cannot be used/ },

  { tool: 'compare-texts', args: { before: 'a\nb\nc', after: 'a\nc\nd' }, gives: '-b\n+d' },
  { tool: 'compare-texts', args: { before: 'a', after: 'a' }, gives: 'the texts are the same' },
  { tool: 'compare-texts', args: { before: '\n'.repeat(600), after: '' }, gives: /500 lines; one has 601/ },

  { tool: 'compress', args: { text: 'a'.repeat(1_000) }, gives: /^\{"bytes":1000,"gzip":\d\d,"brotli":\d\d\}$/ },

  { tool: 'convert-units', args: { value: 26.2, from: 'mi', to: 'km' }, gives: '42.1648128 km' },
  { tool: 'convert-units', args: { value: 100, from: 'C', to: 'F' }, gives: '212 F' },
  { tool: 'convert-units', args: { value: 1, from: 'kg', to: 'm' }, gives: /^convert-units: kg cannot be converted/ },
  { tool: 'convert-units', args: { value: 1, from: 'constructor', to: 'm' }, gives: /constructor cannot be/ },

  {
    tool: 'count-words',
    args: { text: 'So it goes. So it went!' },
    gives: '{"characters":23,"words":6,"sentences":2,"frequent":{"so":2,"it":2,"goes":1,"went":1}}',
  },
  { tool: 'count-words', args: { text: 'a', language: '!' }, gives: /"!" is no language tag/ },

  // The test vector of RFC 7914 for one iteration, cut to 32 bytes.
  {
    tool: 'digest',
    args: { text: 'passwd', salt: 'salt', iterations: 1 },
    gives: '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
  },
  { tool: 'digest', args: { text: 'a', iterations: 1e9 }, gives: 'digest: arguments/iterations must be <= 1000000' },

  { tool: 'encode', args: { text: 'grüß', as: 'base64url', direction: 'encode' }, gives: 'Z3LDvMOf' },
  {
    tool: 'encode',
    args: { text: '67 7', as: 'hex', direction: 'decode' },
    gives: 'encode: this is no hex of a text',
  },
  { tool: 'encode', args: { text: '67 72', as: 'hex', direction: 'decode' }, gives: 'gr' },
  { tool: 'encode', args: { text: 'Z3 LD\nvMOf', as: 'base64', direction: 'decode' }, gives: 'grüß' },
  { tool: 'encode', args: { text: '%E0%', as: 'url', direction: 'decode' }, gives: /no url of a text/ },
  { tool: 'encode', args: { text: '\ud800', as: 'url', direction: 'encode' }, gives: /this text has no url form/ },

  { tool: 'fetch', args: { name: 'weather', query: { city: 'Vienna' } }, gives: 'sunny' },
  { tool: 'fetch', args: { name: '../healthz' }, gives: /^fetch: arguments\/name must match pattern/ },

  {
    tool: 'outline',
    args: {
      source:
        'export class A<T> {\n  constructor() {}\n  get b() { return 1 }\n  async c(): Promise<T> {}\n}\nconst d = () => {}, e = 1\nfunction f() {}',
    },
    gives:
      'class A (line 1)\n  constructor (line 2)\n  accessor b (line 3)\n  method c (line 4)\nfunction d (line 6)\nfunction f (line 7)',
  },
  { tool: 'outline', args: { source: ')]}' }, gives: 'no functions and no classes at the top level' },
  { tool: 'outline', args: { source: '('.repeat(20_000) }, gives: 'outline: the source is nested too deeply' },

  { tool: 'pick-json', args: { json: '{"a/b":[1,{"~":true}]}', pointer: '/a~1b/1/~0' }, gives: 'true' },
  { tool: 'pick-json', args: { json: '[1]', pointer: '' }, gives: '[1]' },
  { tool: 'pick-json', args: { json: '[1]', pointer: '/length' }, gives: /"length" leads nowhere/ },
  { tool: 'pick-json', args: { json: '{}', pointer: '/constructor' }, gives: /"constructor" leads nowhere/ },
  {
    tool: 'pick-json',
    args: { json: '{}', pointer: 'a' },
    gives: 'pick-json: a JSON pointer is empty or begins with /',
  },

  {
    tool: 'read-csv',
    args: { csv: 'a,b\r\n1,"x ""y"", z"\r\n2,\r\n' },
    gives: '[{"a":"1","b":"x \\"y\\", z"},{"a":"2","b":""}]',
  },
  { tool: 'read-csv', args: { csv: 'a;b\n1;2;3\n4', separator: ';' }, gives: '[{"a":"1","b":"2"},{"a":"4"}]' },
  { tool: 'read-csv', args: { csv: 'a,' }, gives: '[]' },
  { tool: 'read-csv', args: { csv: 'a\n"b' }, gives: /^read-csv: line 2: a quotation mark is not closed/ },
  { tool: 'read-csv', args: { csv: 'a\n'.repeat(2_000) }, gives: /at most 1000 rows/ },
  { tool: 'read-csv', args: { csv: '__proto__\nx' }, gives: '[{"__proto__":"x"}]' },

  {
    tool: 'time-in-zone',
    args: { zone: 'Europe/Vienna', at: '2026-01-01T12:00:00Z' },
    gives: /^Thursday,? 1 January 2026 at 13:00:00 CET$/,
  },
  { tool: 'time-in-zone', args: { zone: 'Atlantis' }, gives: /"Atlantis" is no time zone/ },
  { tool: 'time-in-zone', args: { zone: 'UTC', at: 'soon' }, gives: /"soon" is no time/ },

  { tool: 'calculate', args: '{"expression":', gives: /^calculate: the arguments are not JSON/ },
  { tool: 'calculate', args: 'null', gives: 'calculate: arguments must be object' },
  { tool: 'calculate', args: { expression: '1', more: 1 }, gives: /must NOT have additional properties/ },
  { tool: 'calculate', args: 'x'.repeat(70_000), gives: /longer than 65,536 characters/ },
  { tool: 'check-json', args: `{"json":"1","schema":{"a":${nested(70)}}}`, gives: /deeper than 64 levels/ },
  { tool: 'check-json', args: `{"json":"1","schema":{"a":${nested(30_000)}}}`, gives: /deeper than 64 levels/ },
  { tool: 'nothing', args: {}, gives: /^nothing: there is no such tool; there are: calculate, check-json, / },
  { tool: '__proto__', args: {}, gives: /there is no such tool/ },
]

describe('A tool', () => {
  for (const { tool, args, gives } of cases) {
    const shown = typeof args === 'string' ? args : JSON.stringify(args)
    it(`${tool} called with ${shown.slice(0, 60)} gives ${`${gives}`.slice(0, 60)}`, async () => {
      const text = await run(tool, args)
      if (typeof gives === 'string') assert.equal(text, gives)
      else assert.match(text, gives)
      assert.equal(tools.running, 0)
    })
  }

  it('is declared, is in the table, and is tried above', () => {
    const names = toolDeclarations.map(({ name }) => name)
    assert.deepEqual(Object.keys(toolTable), names)
    assert.deepEqual(
      names.filter((name) => !cases.some(({ tool }) => tool === name)),
      [],
    )
    assert.ok(names.every((name) => tools.has(name)))
    assert.equal(tools.has('toString'), false)
  })

  it('of the host is asked with what the model wrote', async () => {
    asked.length = 0
    await run('fetch', { name: 'weather', body: { city: 'Vienna' } })
    assert.deepEqual(asked, [{ name: 'weather', body: { city: 'Vienna' } }])
  })

  it('gives no more than 20,000 characters, and says how many there were', async () => {
    const text = await run('encode', { text: 'a'.repeat(20_000), as: 'hex', direction: 'encode' })
    assert.equal(text.length, 20_000)
    assert.match(text, /\n\.\.\. \(cut: 40000 characters in all\)$/)
  })
})

describe('A tool call', () => {
  const broken = (error: Error) => {
    const table = { ...toolTable, calculate: async () => ({ run: () => Promise.reject(error) }) }
    return createTools({ loading: lazyToolLoading(table), work, host })
  }
  const call = { id: '1', name: 'calculate', arguments: '{"expression":"1"}' }

  it('that fails for no reason of the model’s is logged, and tells the model no details', async (t) => {
    const log = t.mock.method(process.stderr, 'write', () => true)
    const text = await broken(new Error('secret path')).run(call, unaborted)
    const lines = log.mock.calls.map((each) => each.arguments[0])
    log.mock.restore()
    assert.equal(text, 'calculate: the tool failed; do without it')
    assert.deepEqual(lines, ['tool calculate failed: secret path\n'])
  })

  it('that is given up fails with the reason, before and after it began', async () => {
    const reason = new Error('client gone')
    await assert.rejects(tools.run(call, AbortSignal.abort(reason)), reason)
    const cancel = new AbortController()
    const given = broken(new Error('consequence')).run(call, cancel.signal)
    cancel.abort(reason)
    await assert.rejects(given, reason)
    assert.equal(tools.running, 0)
  })
})

describe('Tools', () => {
  it('are loaded when first called where loading is lazy, each once', async () => {
    const loading = lazyToolLoading()
    await loading.open({ loadAll: () => assert.fail('nothing is to be loaded yet') })
    assert.equal(loading.loaded, 0)
    const first = await loading.load('calculate')
    assert.equal(loading.load('calculate'), first)
    assert.equal(loading.loaded, 1)
  })

  it('are loaded at the start where loading is eager, in threads too', async () => {
    const loading = eagerToolLoading()
    assert.throws(() => loading.load('calculate'), /before the tools were opened/)
    let inThreads = 0
    await loading.open({ loadAll: async () => void (inThreads += 1) })
    assert.deepEqual([loading.loaded, inThreads], [toolDeclarations.length, 1])
  })

  it('that could not be loaded can be later', async () => {
    let broken = true
    const calculate = async () => {
      if (broken) throw new Error('no such file')
      return toolTable.calculate()
    }
    const loading = lazyToolLoading({ ...toolTable, calculate })
    await assert.rejects(async () => loading.load('calculate'), /no such file/)
    broken = false
    assert.equal(typeof (await loading.load('calculate')).run, 'function')
  })
})
