import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText, run, runBlocking, scriptAround } from './fake.ts'
import { randomProgram } from './random-program.ts'

test('150 random programs do the same as when their calls block', async (t) => {
  let steps = 0
  for (let seed = 1; seed <= 150; seed++) {
    const text = randomProgram(seed)
    const expected = await runBlocking(text)
    const actual = await run(await compileText(t, scriptAround(text)))
    assert.deepEqual(actual, expected, `program ${seed}:\n${text}`)
    steps += expected.length
  }
  assert.ok(steps > 3000, `the programs do too little: ${steps} steps`)
})
