import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatorWarnings } from '../../harness/observe/validity.ts'

test('A load without a schedule is told to be a closed loop', () => {
  const generator = { utilizationByPhase: {}, cpuMsByPhase: {}, gcPauseMaxMs: 0, rssPeakBytes: 0, rssIdleBytes: 0 }
  const [warning] = generatorWarnings({ histograms: [], metrics: [], phases: [], generator } as never)
  assert.match(warning ?? '', /^closed loop/)
})
