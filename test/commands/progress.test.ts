import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTime } from '../../harness/commands/progress.ts'

test('Times are in seconds up to 100, then in minutes', () => {
  assert.deepEqual([0, 39.2, 100, 540].map(formatTime), ['0 s', '40 s', '2 min', '9 min'])
})
