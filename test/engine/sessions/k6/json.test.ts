import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { select } from '../../../../harness/engine/sessions/k6/gjson.ts'
import { readJson, tryJson } from '../../../../harness/engine/sessions/k6/json.ts'

const doc = {
  a: { b: [1, 'x', { c: null }], 'd.e': 7, 'f*': 1, t: true },
  list: [
    { n: 'A', v: 1 },
    { n: 'B', v: 2 },
    { n: 'C', v: 3, deep: [{ z: 1 }, { z: 2 }] },
  ],
  num: 1.5,
  s: 'str',
  empty: [],
  nul: null,
}

/** Every expectation here is what k6 1.8 gave for this document. */
describe('a path of response.json()', () => {
  const cases: [path: string, found: unknown][] = [
    ['a.b.0', 1], ['a.b.2.c', null], ['a.b.9', undefined], ['a.d\\.e', 7], ['a.f\\*', 1], ['a.f*', 1], ['a.?', [1, 'x', { c: null }]], ['*.b.1', 'x'],
    ['list.#', 3], ['list.#.n', ['A', 'B', 'C']], ['list.#.deep.#.z', [[1, 2]]], ['list.#.missing', []], ['empty.#', 0],
    ['list.#(n=="B").v', 2], ['list.#(n=B).v', 2], ['list.#(v>1).n', 'B'], ['list.#(v>1)#.n', ['B', 'C']], ['list.#(v<=1)', { n: 'A', v: 1 }],
    ['list.#(n%"[AB]")#.v', []], ['list.#(n!%"A*")#.n', ['B', 'C']], ['list.#(n!="A")#.v', [2, 3]], ['list.#(v>=2)#|#', 2],
    ['list.#(deep.#(z==2))#.n', ['C']], ['list.#(v==99)', undefined], ['list.#(v==99)#', []], ['list.#(t).n', undefined],
    ['a.b.#(=="x")', 'x'], ['a.b.#(==1)#', [1]], ['list|0.n', 'A'], ['list.0|n', 'A'], ['list.#.v|@reverse', [3, 2, 1]], ['list.@reverse.0.n', 'C'],
    ['@this.num', 1.5], ['a.@keys', ['b', 'd.e', 'f*', 't']], ['{num,s}', { num: 1.5, s: 'str' }], ['[num,s]', [1.5, 'str']],
    ['num', 1.5], ['nul', null], ['missing', undefined], ['', undefined], ['s.length', undefined], ['list.-1', undefined], ['num.#', undefined],
  ] // biome-ignore format: one table
  for (const [path, found] of cases) {
    it(`${path || '(nothing)'} finds ${JSON.stringify(found) ?? 'nothing'}`, () => {
      assert.deepEqual(select(doc, path), found)
    })
  }
})

describe('a body that is no JSON', () => {
  const cases: [text: string, message: string][] = [
    ['{', 'line 1, character 1 , error: unexpected end of JSON input'],
    ['', 'line 1, character 0 , error: unexpected end of JSON input'],
    ['{"a":1}x', "line 1, character 8 , error: invalid character 'x' after top-level value"],
    ['{"a":\n tru}', "line 2, character 5 , error: invalid character '}' in literal true (expecting 'e')"],
    ['\n\n  [1,]', "line 3, character 6 , error: invalid character ']' looking for beginning of value"],
    ['{"a" 1}', "line 1, character 6 , error: invalid character '1' after object key"],
    ['nope', "line 1, character 2 , error: invalid character 'o' in literal null (expecting 'u')"],
    ['"x', 'line 1, character 2 , error: unexpected end of JSON input'],
    ['[1 2]', "line 1, character 4 , error: invalid character '2' after array element"],
    ['{a:1}', "line 1, character 2 , error: invalid character 'a' looking for beginning of object key string"],
    ['"\t"', "line 1, character 2 , error: invalid character '\\t' in string literal"],
    ['01', "line 1, character 2 , error: invalid character '1' after top-level value"],
    ['"\\x"', "line 1, character 3 , error: invalid character 'x' in string escape code"],
    ['"\\u12"', "line 1, character 6 , error: invalid character '\"' in \\u hexadecimal character escape"],
    ['-', "line 1, character 1 , error: invalid character ' ' in numeric literal"],
    ['1.', "line 1, character 2 , error: invalid character ' ' after decimal point in numeric literal"],
    ['nul', "line 1, character 3 , error: invalid character ' ' in literal null (expecting 'l')"],
    ['ÿ', "line 1, character 1 , error: invalid character 'Ã' looking for beginning of value"],
  ]
  for (const [text, message] of cases) {
    it(`${JSON.stringify(text)} is refused with line and character`, () => {
      const expected = { name: 'GoError', message: `cannot parse json due to an error at ${message}` }
      assert.throws(() => readJson(text), expected)
      assert.equal(tryJson(text), undefined)
    })
  }
})
