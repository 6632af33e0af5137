import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScript } from '../k6/run-script.ts'

/** Expressions that make code of text, and what k6 gives for each. */
const made: Record<string, unknown> = {
  "Function('return this')() === globalThis": true,
  "(0, eval)('this') === globalThis": true,
  "globalThis.Function('return this')() === globalThis": true,
  "Function('return typeof process + typeof require + typeof Buffer')()": 'undefinedundefinedundefined',
  "eval('typeof process + typeof Buffer + typeof setImmediate')": 'undefinedundefinedundefined',
  "(0, eval)('typeof process + typeof console')": 'undefinedobject',
  'eval(\'Function("return typeof process")()\')': 'undefined',
  'Function(\'return eval("typeof process")\')()': 'undefined',
  "(() => {}).constructor('return typeof process')()": 'undefined',
  "(() => {}).constructor('return typeof this.process')()": 'undefined',
  "(async () => {}).constructor('return typeof process')() instanceof Promise": true,
  "(function* () {}).constructor('yield typeof process')().next().value": 'undefined',
  "Reflect.construct(Function, ['return typeof process'])()": 'undefined',
  "new Function('a', 'b', 'return a + b')(1, 2)": 3,
  "new Function('a, b', 'return arguments.length + a')(1, 2)": 3,
  "new Function('o', 'with (o) { return x + typeof process }')({ x: 'x' })": 'xundefined',
  "new Function('a', 'return a').length": 1,
  "new (Function('this.x = 1'))().x": 1,
  "typeof Function('return console')().log": 'function',
  "Function('return __ENV.KEY')()": 'value',
  "Function('return typeof nobodyKnows')()": 'undefined',
  "eval('local + 1')": 6,
  '(() => {}) instanceof Function': true,
  "(globalThis.kept = 7, Function('return kept')())": 7,
  'typeof eval(5)': 'number',
}

test('code that is made of text finds what the script finds, and nothing of Node', async (t) => {
  const script = `export default function () {
    const local = 5
    console.log(JSON.stringify([${Object.keys(made).join(',\n      ')}]))
  }`
  const { said, errors } = await runScript(t, script, { env: { KEY: 'value' } })
  assert.deepEqual(errors, [])
  const given: unknown[] = JSON.parse(said[0]!)
  assert.deepEqual(Object.fromEntries(Object.keys(made).map((key, index) => [key, given[index]])), made)
})

const refused: Record<string, RegExp> = {
  "new Function('return (')": /^SyntaxError/,
  "new Function('}, function () {')": /^SyntaxError/,
  "Function('nobodyKnows()')()": /^ReferenceError: nobodyKnows is not defined/,
  "eval('nobodyKnows')": /^ReferenceError: nobodyKnows is not defined/,
}

for (const [text, says] of Object.entries(refused)) {
  test(`code that is made of text and cannot run throws: ${text}`, async (t) => {
    const { errors } = await runScript(t, `export default function () { ${text} }`)
    assert.match(errors[0]!, says)
  })
}

test('a blocking call in code that is made of text is not lost silently', async (t) => {
  const { errors, result } = await runScript(
    t,
    `import { sleep } from 'k6'
     export default function () { eval('sleep(0)'); sleep(0) }`,
  )
  assert.match(errors[0]!, /was not recognised as blocking/)
  assert.equal(result.exitCode, 107)
})
