import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveNames } from '../../../../harness/engine/sessions/script/scope.ts'
import { parseBundle } from '../../../../harness/engine/sessions/script/syntax.ts'

/** Writes each name with the number of the declaration it means, in the order of first use; `?` for a global. */
function numbered(code: string): string {
  const tree = parseBundle(code)
  const { bindings, free } = resolveNames(tree)
  const order = [...new Set(bindings.values())]
  const marks = [...bindings].map(([node, binding]) => ({ at: node.end, mark: `${order.indexOf(binding) + 1}` }))
  const all = [...marks, ...free.map((node) => ({ at: node.end, mark: '?' }))].sort((a, b) => b.at - a.at)
  return all.reduce((text, { at, mark }) => text.slice(0, at) + mark + text.slice(at), code)
}

const cases: [what: string, numbered: string][] = [
  ["a function's name is outside, its parameters inside", 'function f1(f2) { return f2 } f1'],
  ['var reaches its function, let its block', 'function f1() { { var a2 = 1; let b3 = a2 } return [a2, b?] }'],
  ['a function expression knows its own name', 'const f1 = function g2() { return g2 }; g?'],
  ['names are known before they are declared', 'function f1() { return a2 } const a2 = 1'],
  ['names of properties and labels are no variables', 'a: for (const a1 of [{ a: a1 }]) { a1.a; continue a }'],
  ['a catch parameter belongs to its clause', 'try { e? } catch (e1) { e1 }'],
  ['patterns declare what they name', 'const { a: b1, ...c2 } = {}, [d3 = b1] = c2; a?'],
  ['a class expression knows its own name', 'const A1 = class B2 { m() { return B2 } }; B?'],
  ['imports are declarations', "import a, { b as c } from 'x'; a1(c2, b?)"],
]

for (const [what, expected] of cases) {
  test(what, () => assert.equal(numbered(expected.replace(/([A-Za-z])[\d?]/g, '$1')), expected))
}
