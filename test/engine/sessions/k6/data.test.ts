import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runScript } from './run-script.ts'

const attempt = `const attempt = (f) => { try { console.log(String(f())) } catch (e) { console.log(e.name + ': ' + e.message) } }`

describe('module k6/data', () => {
  it('makes a SharedArray once for all users, whoever else names it', async (t) => {
    const { said } = await runScript(
      t,
      `import { SharedArray } from 'k6/data'
      const one = new SharedArray('one', () => { console.log('made'); return [1, { a: [2] }] })
      const again = new SharedArray('one', () => { console.log('made again'); return [] })
      export const options = { vus: 3, iterations: 3 }
      export default () => console.log(one.length + again[1].a[0])`,
    )
    assert.deepEqual(said, ['made', '4', '4', '4'])
  })

  it('is an Array to the script, and every read is a copy of its own', async (t) => {
    const { said } = await runScript(
      t,
      `import { SharedArray } from 'k6/data'
      const a = new SharedArray('a', () => [{ x: 1 }, 'two', null, [4]])
      export default () => {
        console.log(Array.isArray(a) + String(a[0] === a[0]) + a.map((e) => typeof e) + a.at(-1) + a[9] + a[-1] + a[0.5])
        console.log(JSON.stringify(a) + [...a].length + Object.keys(a) + a.indexOf('two') + (3 in a) + (4 in a))
        for (const e of a) console.log(JSON.stringify(e))
        console.log(a.filter((e) => e?.x).length + a.slice(1, 2).join() + a.concat([1]).length)
      }`,
    )
    assert.deepEqual(said, [
      'truefalseobject,string,object,object4undefinedundefinedundefined',
      '[{"x":1},"two",null,[4]]40,1,2,31truefalse',
      '{"x":1}',
      '"two"',
      'null',
      '[4]',
      '1two5',
    ])
  })

  it('cannot be changed, at no depth', async (t) => {
    const { said } = await runScript(
      t,
      `import { SharedArray } from 'k6/data'
      ${attempt}
      const a = new SharedArray('a', () => [{ x: { y: [1] } }, 2])
      export default () => {
        for (const change of [() => (a[0] = 1), () => a.push(1), () => a.sort(), () => delete a[0], () => (a.length = 0)]) attempt(change)
        attempt(() => (a.name = 1))
        attempt(() => (a[0].x = 2))
        attempt(() => a[0].x.y.push(2))
        attempt(() => Object.freeze(a))
        console.log(JSON.stringify(a))
      }`,
    )
    const immutable = 'TypeError: SharedArray is immutable'
    assert.deepEqual(said.slice(0, 6), [...new Array(5).fill(immutable), 'TypeError: Cannot set property "name" on a dynamic array'])
    assert.match(said[6]!, /^TypeError: Cannot assign to read only property 'x'/)
    assert.match(said[7]!, /^TypeError: Cannot add property 1/)
    assert.deepEqual(said.slice(8), ['TypeError: Cannot make a dynamic object non-extensible', '[{"x":{"y":[1]}},2]'])
  }) // biome-ignore format: one list

  it('refuses what k6 refuses, in its words', async (t) => {
    const { said } = await runScript(
      t,
      `import { SharedArray } from 'k6/data'
      ${attempt}
      if (__VU === 0) for (const make of [
        () => new SharedArray(), () => new SharedArray('', () => []), () => new SharedArray('n', () => ({})),
        () => new SharedArray('t', () => { throw new Error('own') }), () => new SharedArray('u', () => [undefined]),
        () => new SharedArray('p', async () => []),
      ]) attempt(make)
      export default () => attempt(() => new SharedArray('late', () => []))
      export function setup() {}`,
    )
    assert.deepEqual([...new Set(said)], [
      "GoError: a function is expected as the second argument of SharedArray's constructor",
      "GoError: empty name provided to SharedArray's constructor",
      'GoError: only arrays can be made into SharedArray',
      'Error: own',
      'SyntaxError: SharedArray: undefined has no form in JSON',
      'GoError: SharedArray constructor does not support async functions as second argument',
      'GoError: new SharedArray must be called in the init context',
    ])
  }) // biome-ignore format: one list
})
