import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkScript } from '../../../../harness/engine/sessions/script/check.ts'
import { provided, scriptFiles } from './fake.ts'

/** `weir refuses 3:1 module ...`, by file where it is not the first. */
async function findings(t: { after(cleanUp: () => void): void }, files: Record<string, string>): Promise<string[]> {
  const entry = scriptFiles(t, files)
  const check = await checkScript(entry, provided)
  return check.findings.map(({ engine, kind, place, what }) => {
    const file = place && !entry.endsWith(place.file) ? `${place.file.split('/').at(-1)}:` : ''
    return `${engine} ${kind} ${file}${place?.line}:${place?.column} ${what}`
  })
}

const head = `import http from 'k6/http'\nimport { sleep } from 'k6'\n`

const found: Record<string, { text: string; says: RegExp[] }> = {
  'every refused construct': {
    text: `export default () => {
  [1].sort(() => sleep(1))
  'a'.replace('a', () => http.get('a').body)
  class A { constructor() { sleep(1) } }
  return new A()
}`,
    says: [/^weir refused 4:12 .*sort comparator/, /^weir refused 5:20 .*replace callback/, /^weir refused 6:29 .*constructor/],
  },
  'modules that there are not, with constructs behind them': {
    text: `import { browser } from 'k6/browser'
import sse from 'k6/x/sse'
export default () => { browser.go(sse); [1].sort(() => sleep(1)) }`,
    says: [/^weir refused 3:1 module "k6\/browser"/, /^weir refused 4:1 module "k6\/x\/sse"/, /^k6 refused 4:1 stock k6 has no module "k6\/x\/sse"/, /^weir refused 5:\d+ .*sort/],
  },
  'names that a module lacks': {
    text: `import { dream } from 'k6'\nexport default () => dream()`,
    says: [/^weir refused 3:\d+ module "k6" has no export "dream"/],
  },
  'members of a response that there are not': {
    text: `const own = { html: () => 1 }
export default () => { const r = http.get('a'); own.html(); r.html().find('p'); http.batch(['b'])[0].submitForm() }`,
    says: [/^weir refused 4:61 Response\.html\(\)/, /^weir refused 4:81 Response\.submitForm\(\)/],
  },
  'ways of signing in that there are not': {
    text: `export default () => http.get('a', { auth: 'digest' }) && http.get('a', { auth: 'basic' })`,
    says: [/^weir refused 3:38 auth: "digest"/],
  },
  'code that is made of text': {
    text: `const isFunction = (f) => f instanceof Function
export default (f) => [eval('1'), new Function('return 1'), f.constructor('return 2'), new f.constructor(), isFunction(f)]`,
    says: [/^weir differs 4:24 code is made of text \(eval\)/, /^weir differs 4:35 .*\(Function\)/, /^weir differs 4:61 .*\(constructor\)/],
  },
  'patched prototypes': {
    text: `String.prototype.shout = () => '!'
Object.defineProperty(Array.prototype, 'last', { value: () => 1 })
class Own {}
Own.prototype.x = 1
export default () => http.get(new Own().x)`,
    says: [/^weir differs 3:1 String\.prototype/, /^weir differs 4:1 Array\.prototype/],
  },
  'callbacks of promises before a blocking call': {
    text: `export default () => {
  Promise.resolve(1).then(() => 2).catch(() => 3)
  sleep(1)
  Promise.resolve(1).then(() => 2)
}
export async function fine() { Promise.resolve(1).then(() => 2); await null; sleep(1) }`,
    says: [/^weir differs 4:3 a promise callback/],
  },
  'a clock that k6 has not': {
    text: `export default () => performance.now()`,
    says: [/^k6 refused 3:22 k6 has no global "performance"/],
  },
  'codecs of text that k6 has not': {
    text: `export default () => new TextEncoder().encode('a') + (typeof TextDecoder === 'undefined' ? '' : new TextDecoder())`,
    says: [/^k6 refused 3:26 k6 has no global "TextEncoder"/],
  },
  'modules that k6 has no more': {
    text: `import 'k6/experimental/timers'\nexport default () => 1`,
    says: [/^weir refused 3:1 module "k6\/experimental\/timers": .* graduated/, /^k6 refused 3:1 .* graduated/],
  },
  'nothing in a script that both run': {
    text: `const now = () => (typeof performance === 'undefined' ? Date.now() : performance.now())
export default () => { http.get('a' + now()); sleep(1) }`,
    says: [],
  },
} // biome-ignore format: expectations whole

for (const [name, { text, says }] of Object.entries(found)) {
  test(`checking a script finds ${name}`, async (t) => {
    const lines = await findings(t, { 'script.js': head + text })
    assert.equal(lines.length, says.length, lines.join('\n'))
    for (const [index, each] of says.entries()) assert.match(lines[index]!, each)
  })
}

test('checking a script finds what stands in the files that it imports', async (t) => {
  const files = {
    'main.js': `import { by } from './lib.js'\nexport default () => [1].sort(by)`,
    'lib.js': `import { sleep } from 'k6'\nexport const by = () => sleep(1)\nString.prototype.x = 1`,
  }
  const lines = await findings(t, files)
  assert.match(lines.join('\n'), /^weir differs lib\.js:3:1 String.*\nweir refused 2:\d+ .*\(by, which reaches sleep\)/)
})

test('checking a script that does not parse says so for both engines', async (t) => {
  const lines = await findings(t, { 'script.js': 'export default () => {\n  let = = 1\n}' })
  assert.equal(lines.length, 2)
  assert.match(lines[0]!, /^weir refused .*2:\d+ the script does not parse/)
  assert.match(lines[1]!, /^k6 refused .*2:\d+ the script does not parse/)
})

test('checking a script tells where its options stand', async (t) => {
  const text = `export const options = {\n  vus: 1,\n  rps: 2,\n}\nexport default () => {}`
  const { optionPlaces } = await checkScript(scriptFiles(t, { 'script.js': text }), provided)
  assert.deepEqual([...optionPlaces].map(([name, { line, column }]) => `${name} ${line}:${column}`), ['vus 2:3', 'rps 3:3'])
}) // biome-ignore format: expectation whole
