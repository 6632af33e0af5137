import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateSink } from '../../harness/metrics/sinks.ts'

test('A rate counts what is not zero', () => {
  const sink = new RateSink()
  for (const value of [0, 1, 5]) sink.add(value)
  assert.deepEqual([sink.sum, sink.count], [2, 3])
})
