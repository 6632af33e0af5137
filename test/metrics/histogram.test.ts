import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Histogram } from '../../harness/metrics/histogram.ts'

test('An empty histogram has no values', () => {
  assert.equal(new Histogram().percentile(50), 0)
})
