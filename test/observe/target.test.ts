import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seriesOfTarget } from '../../harness/observe/target.ts'

test('A target that was not watched has no series', () => {
  assert.deepEqual(seriesOfTarget({ inside: [], outside: [], instructions: { byPhase: {} } }, 0), [])
})
