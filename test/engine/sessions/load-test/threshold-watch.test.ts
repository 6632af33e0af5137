import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ThresholdWatch } from '../../../../harness/engine/sessions/load-test/threshold-watch.ts'
import { MetricRegistry } from '../../../../harness/metrics/registry.ts'
import { parseThreshold } from '../../../../harness/metrics/thresholds.ts'

it('a threshold ends a test from the very end of its delay on; it is crossed all the same before', () => {
  const registry = new MetricRegistry()
  registry.open('hits', 'counter').add(10, 1, null)
  const threshold = parseThreshold({ threshold: 'count<1', abortOnFail: true, delayAbortEval: '3s' })
  const watch = new ThresholdWatch([{ metric: 'hits', tags: {}, key: 'hits', threshold }])
  assert.equal(watch.look(registry, 2999), false)
  assert.equal(watch.hasFailed, true)
  assert.equal(watch.look(registry, 3000), true)
})
