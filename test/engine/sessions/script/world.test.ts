import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { test } from 'node:test'
import { compileScript } from '../../../../harness/engine/sessions/script/load.ts'
import { compileText, provided, run, scriptFiles, worldOf } from './fake.ts'

type Exports = Record<string, (...args: unknown[]) => unknown>

test('names of Node are hidden, those of the language are not', async (t) => {
  const hidden = [
    'process',
    'Buffer',
    'global',
    'setImmediate',
    'fetch',
    'URL',
    'console',
    'structuredClone',
    'WebAssembly',
    'module',
    '__filename',
  ]
  const kept = [
    'Math',
    'JSON',
    'Map',
    'Promise',
    'Uint8Array',
    'Date',
    'Symbol',
    'parseInt',
    'globalThis',
    'WeakRef',
    'Intl',
  ]
  const script = await compileText(
    t,
    `export default () => ({ ${[...hidden, ...kept].map((n) => `${n}: typeof ${n}`).join(', ')} })`,
  )
  const main = (script.instantiate(worldOf(() => undefined)) as Exports).default
  const types = main?.() as Record<string, string>
  for (const name of hidden) assert.equal(types[name], 'undefined', name)
  for (const name of kept) assert.notEqual(types[name], 'undefined', name)
})

test("a name that nobody declares is the script's ReferenceError", async (t) => {
  const trace = await run(await compileText(t, `export default () => nobodyKnows + 1`))
  assert.deepEqual(trace, ['threw ReferenceError: nobodyKnows is not defined'])
})

test("a world's globals are found, also in place of the language's", async (t) => {
  const script = await compileText(
    t,
    `export default () => [console.name, Math.random(), Math.max(1, 2), __ENV.KEY, typeof globalThis.console]`,
  )
  const math = Object.assign(Object.create(Math), { random: () => 0.5 })
  const trace = await run(script, { console: { name: 'mine' }, Math: math, __ENV: { KEY: 'v' } })
  assert.deepEqual(trace, ['returned ["mine",0.5,2,"v","object"]'])
})

test('__VU and __ITER are read anew each time, by each user for itself', async (t) => {
  const script = await compileText(
    t,
    `export default () => { const o = { __ITER }; return [__VU, o.__ITER, globalThis.__ITER, typeof __VU] }`,
  )
  const globals = { __VU: 1, __ITER: 0 }
  const one = script.instantiate({ modules: {}, globals }) as Exports
  const two = script.instantiate({ modules: {}, globals: { __VU: 2, __ITER: 7 } }) as Exports
  assert.deepEqual(one.default?.(), [1, 0, 0, 'number'])
  globals.__ITER = 5
  assert.deepEqual(one.default?.(), [1, 5, 5, 'number'])
  assert.deepEqual(two.default?.(), [2, 7, 7, 'number'])
})

test('module state and globalThis belong to one user', async (t) => {
  const script = await compileText(
    t,
    `let count = 0; const seen = []
     globalThis.shared = 'start'
     export default (x) => { count += 1; seen.push(x); globalThis.shared += x; return [count, seen.join(), shared, globalThis.shared, globalThis.Math === Math] }`,
  )
  const [one, two] = [1, 2].map(() => script.instantiate({ modules: {}, globals: {} }) as Exports)
  assert.deepEqual(one?.default?.('a'), [1, 'a', 'starta', 'starta', true])
  assert.deepEqual(one?.default?.('b'), [2, 'a,b', 'startab', 'startab', true])
  assert.deepEqual(two?.default?.('c'), [1, 'c', 'startc', 'startc', true])
  assert.equal('shared' in globalThis, false)
})

test('a global that was not yet set is a ReferenceError, and typeof does not mind', async (t) => {
  const script = await compileText(
    t,
    `export const ask = () => typeof later; export const read = () => later; export const set = () => { globalThis.later = 1 }`,
  )
  const { ask, read, set } = script.instantiate({ modules: {}, globals: {} }) as Exports
  assert.equal(ask?.(), 'undefined')
  assert.throws(() => read?.(), /^ReferenceError: later is not defined/)
  set?.()
  assert.deepEqual([ask?.(), read?.()], ['number', 1])
})

test('two worlds with different globals can share a script', async (t) => {
  const script = await compileText(t, `export default () => typeof open`)
  const types = [{}, { open: () => '' }, {}].map((globals) =>
    (script.instantiate({ modules: {}, globals }) as Exports).default?.(),
  )
  assert.deepEqual(types, ['undefined', 'function', 'undefined'])
})

test('import.meta means the file it stands in', async (t) => {
  const entry = scriptFiles(t, {
    'main.js': `import { place } from './lib/place.js'\nexport default () => [import.meta.url, place()]`,
    'lib/place.js': `export const place = () => import.meta.resolve('./data.csv')`,
  })
  const script = await compileScript(entry, provided)
  const { default: main } = script.instantiate({ modules: {}, globals: {} }) as Exports
  assert.deepEqual(main?.(), [`file://${entry}`, `file://${entry.replace('main.js', 'lib/data.csv')}`])
})

test("an error tells the user's files and lines, and leaves the engine's out", async (t) => {
  const entry = scriptFiles(t, {
    'main.ts': [
      `import { login } from './lib/login.ts'`,
      `interface User { name: string }`,
      `export default function () {`,
      `  const user: User = { name: 'x' }`,
      `  return login(user.name)`,
      `}`,
    ].join('\n'),
    'lib/login.ts': [
      `import http from 'k6/http'`,
      `type Body = { token: string | null }`,
      ``,
      `export function login(name: string): number {`,
      `  const body = http.post('login/' + name).json() as unknown as Body`,
      `  return body.token!.length`,
      `}`,
    ].join('\n'),
  })
  const script = await compileScript(entry, provided)
  const main = script.instantiate(worldOf(() => undefined)).default as () => Promise<unknown>
  const error = await main().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  const lib = entry.replace('main.ts', 'lib/login.ts')
  assert.equal(
    script.describeError(error),
    `TypeError: Cannot read properties of undefined (reading 'length')\n    at login (${lib}:6:22)\n    at default (${entry}:5:10)`,
  )
})

test('an error of the engine keeps the frames of the script', async (t) => {
  const entry = scriptFiles(t, {
    'main.js': `import http from 'k6/http'\n\nexport default () => {\n  http.get('bad')\n}`,
  })
  const script = await compileScript(entry, provided)
  const main = script.instantiate(worldOf(() => undefined)).default as () => Promise<unknown>
  const error = await main().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.equal(script.describeError(error), `Error: cannot reach bad\n    at default (${entry}:4:3)`)
})

test('an error of the module body is described too', async (t) => {
  const script = await compileText(t, `\nconst x = null\nexport const y = x.z\nexport default () => y`)
  assert.throws(
    () => script.instantiate({ modules: {}, globals: {} }),
    (error) => /reading 'z'\)\n {4}at .*script\.js:3:20$/.test(script.describeError(error)),
  )
})

test('paths below the working directory are told relative to it', async (t) => {
  const entry = scriptFiles(t, { 'main.js': `export default () => { throw new Error('here') }` })
  const before = process.cwd()
  t.after(() => process.chdir(before))
  const script = await compileScript(relative(before, entry), provided)
  process.chdir(entry.replace('/main.js', ''))
  assert.throws(
    () => (script.instantiate({ modules: {}, globals: {} }) as Exports).default?.(),
    (error) => script.describeError(error) === 'Error: here\n    at default (main.js:1:30)',
  )
  assert.equal(script.entry, entry)
})

test('what is thrown need not be an Error', async (t) => {
  const script = await compileText(t, `export default () => 1`)
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const described = ['text', 42, null, undefined, { code: 3 }, cyclic].map((thrown) => script.describeError(thrown))
  assert.deepEqual(described, ['text', '42', 'null', 'undefined', '{"code":3}', '[object Object]'])
})

test('nothing is left patched', async (t) => {
  const before = Error.prepareStackTrace
  const script = await compileText(t, `export default () => { throw new Error('x') }`)
  assert.match((await run(script)).join(), /threw Error: x/)
  script.describeError(new Error('y'))
  assert.equal(Error.prepareStackTrace, before)
})
