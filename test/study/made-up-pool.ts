import { seededRandom } from '../support/random.ts'
import { type ConditionName, control, groups } from './conditions.ts'
import { type MetricKey, metricKeys } from './metrics.ts'
import { type Pool, type PooledTrial, poolSchema } from './pool/pool.ts'

/** A pool as it would be recorded where all is known: 1% of noise from trial to trial, and every number is by these shares worse. */
export function madeUpPool(blocks: number, effects: Partial<Record<ConditionName, number>>, seed = 1): Pool {
  const random = seededRandom(seed)
  const trial = (block: number, group: number, position: number, condition: ConditionName): PooledTrial => {
    const cost = () => 100 * (1 + (effects[condition] ?? 0)) * Math.exp(0.01 * random.normal())
    const rate = () => 10_000 / cost()
    const numberOf = (key: MetricKey) => (key === 'instructions' ? null : key === 'throughput' ? rate() : cost())
    const values = metricKeys.map((key) => [key, numberOf(key)])
    return {
      ...{ block, group, position, condition },
      values: Object.fromEntries(values) as PooledTrial['values'],
      ratesPerS: Array.from({ length: 5 }, rate),
    }
  }
  return {
    schema: poolSchema,
    load: 'l',
    machines: [
      { fingerprint: 'f', cpu: 'made up', cores: 2, kernel: 'k', node: 'v24', notCounted: 'no counters here' },
    ],
    runs: [{ id: 'run', seed: 1, commit: null, machine: 'f', blocks }],
    secondsATrial: 12,
    trials: Array.from({ length: blocks }, (_, at) =>
      groups.map((members, group) =>
        [control.name, ...members].map((name, place) => trial(at + 1, group + 1, place + 1, name)),
      ),
    ).flat(2),
  }
}
