import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopeOf } from '../../harness/observe/load.ts'

test('A scope holds only what is given', () => {
  assert.deepEqual(scopeOf({ phase: 'hold' }), { phase: 'hold' })
})
