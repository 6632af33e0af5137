import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultTrendStats } from '../../../harness/engine/sessions/summary.ts'

test('Trends show by default what k6 shows', () => {
  assert.deepEqual(defaultTrendStats, ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'])
})
