import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runWeir } from '../end-to-end/weir.ts'

test('A script that does not exist is named', async () => {
  const { code, stderr } = await runWeir(import.meta.dirname, ['load', 'gone.js'])
  assert.equal(code, 104)
  assert.match(stderr, /^weir: the script "gone\.js" does not exist/)
})
