import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Observation, Run, Series } from '../../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from '../../compare/run-builder.ts'
import { conditions, control, groups, scenarioOf } from '../conditions.ts'
import { madeUpPool } from '../made-up-pool.ts'
import { pairsOf } from '../procedures/made-up-pairs.ts'
import { gather } from './gather.ts'
import { type PooledTrial, pooledPairs, printPool, readPool, sidesApart } from './pool.ts'

const names = [control, ...conditions].map(({ name }) => name)
const places = groups.flatMap((members, at) =>
  [control.name, ...members].map((name) => [scenarioOf(at + 1), name] as const),
)

const observed: Observation[] = [
  observe('throughput value', 2000.1234567, { phase: 'capacity' }),
  observe('target_cpu_per_op value', 0.5, { phase: 'capacity' }),
  observe('http_req_duration p(50)', 0.75, { scenario: 'capacity' }),
]

const throughput: Series = {
  ...{ metric: 'throughput', stat: 'value', unit: 'per second', source: 'engine' },
  ...{ t: [4.5, 5.5, 6.5, 7.5], v: [800, 2001, 2002, 2003] },
}

/** A run of whole blocks; each trial has three numbers. */
function studyRun(id: string, blocks: number, change: Parameters<typeof makeRecord>[2] = {}): Run {
  const records = Array.from({ length: blocks }, (_, at) =>
    places.map(([scenario, name]) =>
      makeRecord([scenario, name, at + 1], observed, {
        durationS: 12,
        phases: [{ name: 'capacity', startS: 5, endS: 7.004 }],
        series: [throughput],
        ...change,
      }),
    ),
  ).flat()
  const scenarios = groups.map((_, at) => ({ name: scenarioOf(at + 1), primary: '' }))
  return makeRun(makeHeader(names, scenarios, { id }), records)
}

describe('Sides apart', () => {
  it('are each B with the A of the pair before it, on its own machine', () => {
    const pairs = pairsOf([1, 2, 3, 4], [10, 20, 30, 40])
    for (const pair of pairs.slice(2)) pair.machine = 'other'
    assert.deepEqual(
      sidesApart(pairs).map(({ block, a, b, ratesA }) => [block, a, b, ratesA[1]]),
      [
        [2, 1, 20, 1],
        [4, 3, 40, 3],
      ],
    )
  })
})

describe('The pool', () => {
  it('holds the numbers of every trial of a whole block, to six digits, and the rates of the closed loop', () => {
    const { trials, secondsATrial } = gather(null, [studyRun('one', 2)])
    assert.equal(trials.length, 2 * places.length)
    assert.equal(secondsATrial, 12)
    const [first] = trials
    assert.deepEqual([first?.values.throughput, first?.values.cpu, first?.values.p50], [2000.12, 0.5, 0.75])
    assert.deepEqual([first?.values.p99, first?.values.instructions], [null, null])
    assert.deepEqual(first?.ratesPerS, [2001, 2002])
  })

  it('leaves a block out that was cut off, and numbers those of the next run on', () => {
    const cut = studyRun('one', 2)
    cut.records.pop()
    const pool = gather(null, [cut, studyRun('two', 1)])
    assert.deepEqual(
      pool.runs.map(({ id, blocks }) => [id, blocks]),
      [
        ['one', 1],
        ['two', 1],
      ],
    )
    assert.deepEqual([...new Set(pool.trials.map(({ block }) => block))], [1, 2])
  })

  it('grows by what was recorded later, and takes no run twice', () => {
    const first = gather(null, [studyRun('one', 1)])
    const grown = gather(first, [studyRun('one', 1), studyRun('two', 2)])
    assert.deepEqual(grown, gather(null, [studyRun('one', 1), studyRun('two', 2)]))
    assert.deepEqual([...new Set(grown.trials.map(({ block }) => block))], [1, 2, 3])
    assert.deepEqual(gather(grown, []), grown)
  })

  it('has no number of a trial that may not be used', () => {
    const invalid = [
      { scenario: 'capacity', phase: 'capacity', code: 'target-not-saturated', message: 'idle' } as const,
    ]
    const { trials } = gather(null, [studyRun('one', 1, { invalid: [...invalid] })])
    assert.deepEqual([trials[0]?.values.throughput, trials[0]?.values.p50, trials[0]?.ratesPerS], [null, null, []])
  })

  it('knows of each pair on which machine it was recorded', () => {
    const [one, again] = [studyRun('one', 2), studyRun('again', 1)]
    const other = studyRun('other', 1)
    other.header.environment = { ...other.header.environment, fingerprint: 'another', instructionsCounted: true }
    const pool = gather(null, [one, other, again])
    const home = one.header.environment.fingerprint
    assert.deepEqual(
      pool.machines.map(({ fingerprint, notCounted }) => [fingerprint, notCounted === null]),
      [
        [home, one.header.environment.instructionsCounted],
        ['another', true],
      ],
    )
    assert.deepEqual(
      pooledPairs(pool, 'leak', 'cpu').map(({ block, machine }) => [block, machine]),
      [
        [1, home],
        [2, home],
        [3, 'another'],
        [4, home],
      ],
    )
  })

  it('refuses runs of other servers, and to be of no block at all', () => {
    const otherServers = studyRun('two', 1)
    otherServers.header.variants = [{ ...otherServers.header.variants[0]!, description: 'twice the work' }]
    assert.throws(
      () => gather(null, [studyRun('one', 1), otherServers]),
      /run two cannot be pooled with one: another load, or other conditions/,
    )
    assert.throws(() => gather(null, []), /no whole block/)
  })

  it('reads what it printed, and prints that the same', () => {
    const pool = madeUpPool(3, { leak: 0.2 })
    const text = printPool(pool)
    assert.deepEqual(readPool(text), pool)
    assert.equal(printPool(readPool(text)), text)
  })

  it('refuses a pool of other columns', () => {
    assert.throws(() => readPool(printPool(madeUpPool(1, {})).replace('"heap"', '"hope"')), /expected weir\.study\/2/)
  })

  it('pairs each trial with the control of its block, where both can be used', () => {
    const pool = madeUpPool(3, {})
    const inGroup = ({ group }: PooledTrial) => group === groups.findIndex((members) => members.includes('leak')) + 1
    pool.trials.filter(inGroup).find(({ block, condition }) => block === 2 && condition === 'control')!.values.p50 =
      null
    const pairs = pooledPairs(pool, 'leak', 'p50')
    assert.deepEqual(
      pairs.map(({ block }) => block),
      [1, 3],
    )
    const [control, leak] = ['control', 'leak'].map(
      (name) => pool.trials.filter(inGroup).find((trial) => trial.condition === name)!,
    )
    assert.deepEqual([pairs[0]?.a, pairs[0]?.b], [control!.values.p50, leak!.values.p50])
    assert.deepEqual(pairs[0]?.ratesB, leak!.ratesPerS)
  })
})
