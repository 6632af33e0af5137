import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { consoleText } from '../../../../harness/engine/sessions/k6/console-text.ts'

const circle: Record<string, unknown> = { x: 1 }
circle.self = circle

// Right is what k6 v1.8.1 writes.
const cases: [value: unknown, text: string][] = [
  ['text', 'text'],
  [undefined, 'undefined'],
  [-0, '0'],
  [5n, '5'],
  [Symbol('x'), 'x'],
  [() => 1, '[object Function]'],
  [{}, '{}'],
  [[], '[]'],
  [[1, 'two', [[]], 'it"s'], '[ 1, "two", [ [] ], "it"s" ]'],
  [{ s: 'x', n: null, u: undefined, a: { b: { c: 1 } } }, '{ s: "x", n: null, u: null, a: { b: { c: 1 } } }'],
  [new Error('m'), 'Error: m'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new Map([[1, 2]]), '{}'],
  [new Uint8Array([1, 2]), 'Uint8Array(2) [ 1, 2 ]'],
  [new Uint8Array([1, 255]).buffer, 'ArrayBuffer { [Uint8Contents]: <01 ff>, byteLength: 2 }'],
  [circle, '{ x: 1, self: [Circular] }'],
]

describe('The console writes values as k6 does:', () => {
  for (const [value, text] of cases) it(text, () => assert.equal(consoleText(value), text))
})
