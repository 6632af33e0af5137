import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileScript } from '../../../../harness/engine/sessions/script/load.ts'
import { compileText, provided, run, scriptFiles } from './fake.ts'

/** Each script makes one `get a` and returns the body of the answer. */
const aliases: Record<string, string> = {
  'the default import': `import http from 'k6/http'; export default () => http.get('a').body`,
  'a namespace import': `import * as http from 'k6/http'; export default () => http.get('a').body`,
  'the default of a namespace': `import * as all from 'k6/http'; export default () => all.default.get('a').body`,
  'a named import': `import { get } from 'k6/http'; export default () => get('a').body`,
  'a renamed import': `import { get as g } from 'k6/http'; export default () => g('a').body`,
  'a renamed default': `import { default as web } from 'k6/http'; export default () => web.get('a').body`,
  'both kinds at once': `import http, { get } from 'k6/http'; export default () => (http, get)('a').body`,
  'a destructured name': `import http from 'k6/http'; const { get } = http; export default () => get('a').body`,
  'a destructured and renamed name': `import http from 'k6/http'; const { get: fetchIt, ...others } = http; export default () => fetchIt('a').body`,
  'the rest of a destructuring': `import http from 'k6/http'; const { post, ...others } = http; export default () => others.get('a').body`,
  'another name for the module': `import http from 'k6/http'; const h = http; export default () => h.get('a').body`,
  'another name for the function': `import http from 'k6/http'; let f; f = http.get; export default () => f('a').body`,
  'a literal key': `import http from 'k6/http'; export default () => http['get']('a').body`,
  'a computed key': `import http from 'k6/http'; const verb = ['g', 'et'].join(''); export default () => http[verb]('a').body`,
  'a property of an object': `import http from 'k6/http'; const lib = { web: { http } }; export default () => lib.web.http.get('a').body`,
  'a property set later': `import http from 'k6/http'; const lib = {}; lib.get = http.get; export default () => lib.get('a').body`,
  'a property of a class': `import http from 'k6/http'; class A { static web = http; h = http } export default () => { A.web.get('first'); return new A().h.get('a').body }`,
  'a parameter': `import http from 'k6/http'; function run(web) { return web.get('a').body } export default () => run(http)`,
  'a default of a parameter': `import http from 'k6/http'; function run(web = http) { return web.get('a').body } export default () => run()`,
  'a result': `import http from 'k6/http'; const web = () => http; export default () => web().get('a').body`,
  'a choice': `import http from 'k6/http'; const f = Math.random() < 2 ? http.get : http.post; export default () => f('a').body`,
  'a fallback': `import http from 'k6/http'; const f = null ?? http.get; export default () => f('a').body`,
  'an array': `import http from 'k6/http'; const [f] = [http.get]; export default () => f('a').body`,
  globalThis: `import http from 'k6/http'; globalThis.fetchIt = (u) => http.get(u); export default () => globalThis.fetchIt('a').body`,
  'a free name that globalThis was given': `import http from 'k6/http'; globalThis.fetchIt = (u) => http.get(u); export default () => fetchIt('a').body`,
  parentheses: `import http from 'k6/http'; export default () => ((http.get)('a')).body`,
  bind: `import http from 'k6/http'; const f = http.get.bind(http, 'a'); export default () => f().body`,
  require: `const http = require('k6/http'); module.exports = { default: () => http.get('a').body }`,
  'require with destructuring': `const { get } = require('k6/http'); exports.default = function () { return get('a').body }`,
}

for (const [name, text] of Object.entries(aliases)) {
  test(`a call through ${name} is awaited`, async (t) => {
    const trace = await run(await compileText(t, text))
    assert.deepEqual(trace.slice(-3), ['get a', 'get done a', 'returned "<a>"'])
  })
}

const defaults: Record<string, string> = {
  'a declared function': `export default function () { return http.get('a').body }`,
  'a named function': `export default function main() { return http.get('a').body }`,
  'an arrow': `export default () => http.get('a').body`,
  'an async function': `export default async function () { return http.get('a').body }`,
  'a name exported later': `function main() { return http.get('a').body } export { main as default }`,
  'a value': `const main = (() => () => http.get('a').body)(); export default main`,
  'a function in parentheses': `export default (function () { return http.get('a').body })`,
  'a re-export': `export { main as default } from './lib.js'`,
  'a re-exported default': `export { default } from './lib.js'`,
}

for (const [name, text] of Object.entries(defaults)) {
  test(`the default export can be ${name}`, async (t) => {
    const lib = `import http from 'k6/http'\nexport function main() { return http.get('a').body }\nexport default main`
    const script = await compileScript(
      scriptFiles(t, { 'main.js': `import http from 'k6/http'\n${text}`, 'lib.js': lib }),
      provided,
    )
    assert.deepEqual(script.exports, ['default'])
    assert.deepEqual(await run(script), ['get a', 'get done a', 'returned "<a>"'])
  })
}

test('a script in several files of two languages is one script', async (t) => {
  const entry = scriptFiles(t, {
    'main.ts': `
      import { Api, type Options } from './lib/api'
      import * as steps from './lib/steps.js'
      import names from './lib/names.json'
      export const options: Options = { vus: 2 }
      export function setup(): { ready: boolean } { return { ready: true } }
      export default function (): string { const api = new Api('x/'); steps.pause(); return names.map((n: string) => api.load(n)).join() }
      export * from './lib/steps.js'`,
    'lib/api.ts': `
      import { get } from 'k6/http'
      export interface Options { vus: number }
      export class Api { constructor(base: string) { this.base = base } private base: string; load(name: string): string { return get(this.base + name).body as string } }`,
    'lib/steps.js': `import k6 from 'k6'\nexport function pause() { k6.sleep(1) }`,
    'lib/names.json': `["a", "b"]`,
  })
  const script = await compileScript(entry, provided)
  assert.deepEqual([...script.exports].sort(), ['default', 'options', 'pause', 'setup'])
  assert.deepEqual([...script.imports].sort(), [
    ['k6', ['default']],
    ['k6/http', ['get']],
  ])
  const expected = ['sleep 1', 'get x/a', 'get done x/a', 'get x/b', 'get done x/b', 'returned "<x/a>,<x/b>"']
  assert.deepEqual(await run(script), expected)
})

test('functions of a namespace that is used as a value are followed', async (t) => {
  const entry = scriptFiles(t, {
    'main.js': `import * as steps from './steps.js'\nexport default () => ['one', 'two'].map((name) => steps[name]())`,
    'steps.js': `import http from 'k6/http'\nexport const one = () => http.get('1').body\nexport function two() { return 'plain' }`,
  })
  assert.deepEqual(await run(await compileScript(entry, provided)), ['get 1', 'get done 1', 'returned ["<1>","plain"]'])
})

test('functions of a CommonJS file are followed', async (t) => {
  const entry = scriptFiles(t, {
    'main.js': `import lib from './lib.cjs'\nimport { two } from './lib.cjs'\nexport default () => lib.one() + two()`,
    'lib.cjs': `const http = require('k6/http')\nexports.one = () => http.get('1').body\nexports.two = () => http.get('2').body`,
  })
  assert.equal((await run(await compileScript(entry, provided))).at(-1), 'returned "<1><2>"')
})

test('a lazy built-in that cannot wait says so', async (t) => {
  const text = `import http from 'k6/http'; export default () => new Set(['a']).values().map((u) => http.get(u).body).toArray()`
  const trace = await run(await compileText(t, text))
  assert.deepEqual(trace, [
    'threw TypeError: map() of [object Set Iterator] cannot wait for a blocking call; make it an array first: [...it]',
  ])
})

test('functions that do not block stay as they are', async (t) => {
  const text = `import http from 'k6/http'
    export const pure = (a) => a.map((x) => x + 1)
    export function blocks() { return http.get('a').body }
    export const asynchronous = async () => { await null; return http.asyncRequest('GET', 'b') }`
  const script = await compileText(t, text)
  const { worldOf } = await import('./fake.ts')
  const { pure, blocks } = script.instantiate(worldOf(() => undefined)) as Record<string, (list?: number[]) => unknown>
  assert.deepEqual(pure?.([1, 2]), [2, 3])
  assert.ok(blocks?.() instanceof Promise)
})
