import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MetricRegistry } from '../../harness/metrics/registry.ts'

test('A name that is taken by another type is refused', () => {
  const registry = new MetricRegistry()
  registry.open('mine', 'trend')
  assert.throws(() => registry.open('mine', 'counter'), /metric 'mine' already exists but with type trend/)
})
