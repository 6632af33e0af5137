import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileScript } from '../../../../harness/engine/sessions/script/load.ts'
import { UserError } from '../../../../harness/errors.ts'
import { compileText, provided, run, scriptAround, scriptFiles } from './fake.ts'

/** A marker stands where the message must point to: `@` is taken out before compiling. */
interface Refused {
  text: string
  says: RegExp
}

const refused: Record<string, Refused> = {
  'a call inside a sort comparator': {
    text: `function main() { return ['a', 'b'].sort(@(x, y) => http.get(x).status - http.get(y).status) }`,
    says: /inside a sort comparator.*fetch what you compare by first/,
  },
  'a named sort comparator that reaches a call': {
    text: `const size = (u) => http.get(u).body.length; const by = (x, y) => size(x) - size(y)
      function main() { return ['a', 'b'].toSorted(@by) }`,
    says: /\(by, which reaches http.get\) inside a sort comparator/,
  },
  'a call inside a replace callback': {
    text: `function main() { return 'a-b'.replace(/a/, @(m) => http.get(m).body) }`,
    says: /String replace callback.*fetch in a loop/,
  },
  'a call inside a JSON reviver': {
    text: `function main() { return JSON.parse('{}', @(k, v) => http.get(v)) }`,
    says: /JSON reviver/,
  },
  'a call inside a getter': {
    text: `const o = { get token() { return @http.post('login').body } }; function main() { return o.token }`,
    says: /\(http.post\) inside a getter.*make it a method/,
  },
  'a call inside a getter of a class': {
    text: `class A { get token() { return @http.post('login').body } }; function main() { return new A().token }`,
    says: /inside a getter/,
  },
  'a call inside a setter': {
    text: `class A { set url(u) { @http.get(u) } } function main() { new A().url = 'a' }`,
    says: /inside a setter/,
  },
  'a call inside a constructor': {
    text: `class A { constructor() { this.r = @http.get('a') } } function main() { return new A() }`,
    says: /inside a constructor.*static create/,
  },
  'a constructor function that calls': {
    text: `function A() { this.r = http.get('a') } function main() { return @new A() }`,
    says: /inside a constructor/,
  },
  'a class-field initialiser': {
    text: `class A { r = @http.get('a') } function main() { return new A() }`,
    says: /class-field initialiser.*method that you call/,
  },
  'a static block': {
    text: `class A { static { @http.get('a') } } function main() { return new A() }`,
    says: /class-field initialiser/,
  },
  'a generator': {
    text: `function* pages() { yield @http.get('a') } function main() { return [...pages()] }`,
    says: /inside a generator.*return an array/,
  },
  'a default parameter': {
    text: `function f(r = @http.get('a')) { return r } function main() { return f() }`,
    says: /default parameter.*first line/,
  },
  'a default in a parameter pattern of an arrow': {
    text: `const f = ({ r = @http.get('a') }) => r; function main() { return f({}) }`,
    says: /default parameter/,
  },
  'a method that the language calls': {
    text: `const o = { toString() { return @http.get('a').body } }; function main() { return String(o) }`,
    says: /method that the language itself calls/,
  },
  'an iterator whose next waits': {
    text: `const o = { [Symbol.iterator]() { return { next() { return { done: @http.get('a').status === 200 } } } } }; function main() { return [...o] }`,
    says: /language itself calls/,
  },
  'a getter made with defineProperty': {
    text: `const o = {}; Object.defineProperty(o, 'x', { get: () => http.get('a') }); function main() { return o.x }`.replace(
      'Object',
      '@Object',
    ),
    says: /Object\.defineProperty calls and does not wait for/,
  },
  'a getter made with defineProperties': {
    text: `const o = {}; @Object.defineProperties(o, { x: { get: () => http.get('a') } }); function main() { return o.x }`,
    says: /Object\.defineProperties calls and does not wait for/,
  },
  'a handler of a Proxy': {
    text: `function main() { const p = @new Proxy({}, { get: (_, key) => http.get(key) }); return p.x }`,
    says: /Proxy calls and does not wait for/,
  },
  'a borrowed array method': {
    text: `function main() { return @Array.prototype.map.call('ab', (u) => http.get(u)) }`,
    says: /a built-in calls and does not wait for/,
  },
  'a call at the top level': {
    text: `const token = @http.get('a'); function main() { return token }`,
    says: /top level of the script, which k6 refuses too.*setup\(\)/,
  },
  'a waiting function called at the top level': {
    text: `function login() { return http.get('a') } const token = @login(); function main() { return token }`,
    says: /\(login, which reaches http.get\) inside the top level/,
  },
  'an async function that is not awaited': {
    text: `async function step() { sleep(1) } function main() { @step() }`,
    says: /async function step .*without await.*write "await"/,
  },
  'an async function whose promise is kept': {
    text: `async function step() { sleep(1) } async function main() { const p = @step(); await p }`,
    says: /async function step .*without await/,
  },
  'an async callback of map': {
    text: `async function main() { await Promise.all(['a'].map(@async (u) => { await null; return http.get(u) })) }`,
    says: /given to map\(\), which does not await it.*http\.batch/,
  },
  'an async function given to group': {
    text: `async function main() { group('g', @async () => { await null }) }`,
    says: /group\(\) does not support async functions/,
  },
  'an async function given to check': {
    text: `function main() { check(1, { a: @async () => true }) }`,
    says: /check\(\) does not support async functions/,
  },
  'import() at run time': {
    text: `async function main() { await @import('k6/http') }`,
    says: /import\(\) at run time/,
  },
  'await at the top level': { text: `const x = @await 1; function main() { return x }`, says: /top level/ },
}

const positionOf = (text: string): string => {
  const before = text.slice(0, text.indexOf('@')).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

for (const [name, { text, says }] of Object.entries(refused)) {
  test(`${name} is refused with file, line, column and what to do`, async (t) => {
    const marked = scriptAround(text)
    await assert.rejects(compileText(t, marked.replace('@', '')), (error) => {
      assert.ok(error instanceof UserError, String(error))
      assert.equal(error.exitCode, 107)
      assert.match(error.message, says)
      assert.match(error.message, new RegExp(`script\\.js:${positionOf(marked)}: `))
      return true
    })
  })
}

/** What looks like the above and is no harm. */
const allowed: Record<string, string> = {
  'a sort comparator without calls': `function main() { http.get('a'); return ['b', 'a'].sort((x, y) => (x < y ? -1 : 1)) }`,
  'a function made in a default parameter': `function f(fn = () => http.get('a').body) { return fn() } function main() { return f() }`,
  'a function made in a constructor': `class A { constructor() { this.go = () => http.get('a').body } } function main() { return new A().go() }`,
  'a Map with the name of a waiting method': `
    class Client { get(u) { return http.get(u).body } }
    const order = new Map([['a', 2], ['b', 1]])
    function main() { return [new Client().get('x'), ['a', 'b'].sort((x, y) => order.get(x) - order.get(y))] }`,
  'defineProperty on an object with waiting methods': `
    const o = { go: () => http.get('a').body }; Object.defineProperty(o, 'x', { value: 1, enumerable: false }); function main() { return o.go() + o.x }`,
  'an unknown object with the name of a waiting method in an iterator that a built-in calls': `
    class Client { get(u) { return http.get(u).body } }
    let cache; try { throw { get: () => 'cached' } } catch (thrown) { cache = thrown }
    const numbers = Iterator.from({ n: 0, next() { if (this.n++ > 9) throw new Error('endless'); return { done: this.n > 2, value: cache.get('k') } } })
    function main() { return [[...numbers], new Client().get('x')] }`,
  'an unknown object with the name of a waiting method in a comparator': `
    class Client { get(u) { return http.get(u).body } }
    let order; try { throw { get: (k) => (k === 'a' ? 2 : 1) } } catch (thrown) { order = thrown }
    function main() { return [new Client().get('x'), ['a', 'b'].sort((x, y) => order.get(x) - order.get(y))] }`,
}

for (const [name, text] of Object.entries(allowed)) {
  test(`${name} is not refused`, async (t) => {
    const trace = await run(await compileText(t, scriptAround(text)))
    assert.match(trace.at(-1) ?? '', /^returned /)
    assert.ok(trace.some((line) => line.startsWith('get done')))
  })
}

test('every place that is refused gets a line of its own', async (t) => {
  const text = scriptAround(`class A { r = http.get('a'); constructor() { sleep(1) } }\nfunction main() { new A() }`)
  await assert.rejects(compileText(t, text), (error: Error) => error.message.split('\n').length === 2)
})

interface BadInput {
  files: Record<string, string>
  exitCode: number
  says: RegExp[]
}

const badInput: Record<string, BadInput> = {
  'a script that does not parse': {
    files: { 'main.js': 'export default function () {\n  let = = 3\n}\n' },
    exitCode: 107,
    says: [/main\.js:2:\d+: the script does not parse: /],
  },
  'a TypeScript file that does not parse': {
    files: { 'main.ts': "import './lib.ts'\n", 'lib.ts': 'const a: number = \n\nexport const = 1' },
    exitCode: 107,
    says: [/lib\.ts:3:\d+: the script does not parse: /],
  },
  'an import of a k6 module that there is not': {
    files: {
      'main.js': "import { sleep } from 'k6'\nimport { browser } from 'k6/browser'\nexport default () => browser",
    },
    exitCode: 107,
    says: [/main\.js:2:\d+: module "k6\/browser" is not one that weir has \(it has: k6, k6\/http/, /k6 run/],
  },
  'an import of a module that k6 has no more': {
    files: { 'main.js': "import 'k6/experimental/webcrypto'\nexport default () => 1" },
    exitCode: 107,
    says: [/main\.js:1:\d+: k6\/experimental\/webcrypto has been graduated .* remove the import\.$/],
  },
  'an import of a name that a module lacks': {
    files: { 'main.js': "import { sleep,\n  dream } from 'k6'\nexport default () => dream(sleep)" },
    exitCode: 107,
    says: [/main\.js:\d:\d+: module "k6" has no export "dream"/, /it has: default, sleep/, /k6 run/],
  },
  'an import of a file that there is not': {
    files: { 'main.js': "\nimport x from './lib/none.js'\nexport default () => x" },
    exitCode: 107,
    says: [/main\.js:2:\d+: the imported file "\.\/lib\/none\.js" does not exist/],
  },
  'an import of a package': {
    files: { 'main.js': "import _ from 'lodash-of-nobody'\nexport default () => _" },
    exitCode: 107,
    says: [/main\.js:1:\d+: module "lodash-of-nobody" is neither/, /save the module beside the script/],
  },
  'an import of a module of Node': {
    files: { 'main.js': "import fs from 'node:fs'\nexport default () => fs" },
    exitCode: 107,
    says: [/module "node:fs" is neither/],
  },
  'an import from the network without TLS': {
    files: { 'main.js': "import x from 'http://127.0.0.1/index.js'\nexport default () => x" },
    exitCode: 107,
    says: [/main\.js:1:\d+: import of "http:.*only supported schemes for imports are file and https/],
  },
}

for (const [name, { files, exitCode, says }] of Object.entries(badInput)) {
  test(`${name} is an error that names file, line and what to do`, async (t) => {
    await assert.rejects(compileScript(scriptFiles(t, files), provided), (error) => {
      assert.ok(error instanceof UserError, String(error))
      assert.equal(error.exitCode, exitCode)
      for (const each of says) assert.match(error.message, each)
      return true
    })
  })
}

test('a script that is not there is an error of its own', async () => {
  await assert.rejects(compileScript('/nowhere/none.js', provided), (error) => {
    assert.ok(error instanceof UserError)
    assert.equal(error.exitCode, 104)
    assert.match(error.message, /script \/nowhere\/none\.js does not exist/)
    return true
  })
})
