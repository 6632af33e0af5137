import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultMetrics, type ScenarioOutlook } from '../../harness/compare/default-metrics.ts'

const turns: ScenarioOutlook = {
  name: 'turns',
  primary: 'turn_duration{scenario:paced} p(50)',
  phases: ['warm', 'paced', 'capacity'],
  instructionsCounted: false,
  isWatched: true,
}

const cases: [title: string, change: Partial<ScenarioOutlook>, metrics: string[]][] = [
  [
    'CPU per operation over the phase of the primary metric, and that',
    {},
    ['target_cpu_per_op{phase:paced} value', turns.primary],
  ],
  [
    'instructions instead where the machine counts them',
    { instructionsCounted: true },
    ['target_instructions_per_op{phase:paced} value', turns.primary],
  ],
  [
    'the phase where the primary metric names one',
    { primary: 'throughput{phase:capacity} value' },
    ['target_cpu_per_op{phase:capacity} value', 'throughput{phase:capacity} value'],
  ],
  [
    'the first phase where the primary metric is of the whole load',
    { primary: 'iterations rate' },
    ['target_cpu_per_op{phase:warm} value', 'iterations rate'],
  ],
  ['the primary metric alone where weir does not see the processes', { isWatched: false }, [turns.primary]],
  [
    'one where both are the same',
    { primary: 'target_cpu_per_op{phase:paced} value' },
    ['target_cpu_per_op{phase:paced} value'],
  ],
]
for (const [title, change, metrics] of cases) {
  test(`Who names no gate metric gets ${title}`, () => {
    const found = defaultMetrics({ ...turns, ...change })
    assert.deepEqual(
      found.map(({ metric }) => metric),
      metrics,
    )
    for (const { scenario, margins } of found)
      assert.deepEqual([scenario, margins], ['turns', { change: 0.01, equivalence: 0.03 }])
  })
}
