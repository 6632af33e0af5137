import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText } from './fake.ts'

const judged = async (t: Parameters<typeof compileText>[0], body: string): Promise<boolean> =>
  (await compileText(t, `export default (r, key) => { ${body} }`)).copiesObjects

const copying = [
  'return { ...r }',
  'const { status, ...rest } = r; return rest',
  'return Object.keys(r)',
  'return Object.assign({}, r)',
  'return Object["entries"](r)',
  'const { values } = Object; return values(r)',
  'return [r].map(Object.keys)',
  'return globalThis.Object.keys(r)',
  'return Reflect.ownKeys(r)',
  'for (key in r) return key',
  'return "body" in r',
  'return r.hasOwnProperty("body")',
  'return Object.prototype.hasOwnProperty.call(r, "body")',
  'const { json } = r; return json()',
  'return r.json',
  'return [r].map(new Function("r", "return Object.keys(r)"))',
]

const plain = [
  'return r.status === 200 && r.json().id > 0',
  'return r?.json("a") ?? r.body.length',
  'const { status, body } = r; return [...body, status]',
  'for (const each of r.json()) return Math.max(...each)',
  'return Object.fromEntries([[key, Object.create(null)]])',
  'return ((...all) => all.length)(r)',
  'return r[key]',
  'return Object.defineProperty({}, key, { value: 1 })',
]

test('a script that may list or copy the fields of an unknown object is known by its text', async (t) => {
  for (const body of copying) assert.equal(await judged(t, body), true, body)
})

test('a script that only reads fields by name is not taken for one that copies objects', async (t) => {
  for (const body of plain) assert.equal(await judged(t, body), false, body)
})
