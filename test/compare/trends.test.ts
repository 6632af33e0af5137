import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sparkline } from '../../harness/compare/sparkline.ts'
import { formatTrends } from '../../harness/compare/trend-table.ts'
import { trendsOf } from '../../harness/compare/trends.ts'
import type { NumberValues } from '../../harness/record/schema.ts'
import { historyOf, machineOf, numberOf } from '../support/run-values.ts'

const all = { scenarios: [], metrics: [] }
/** 100 with a little noise until day 10, then 20% more. */
const slower = (day: number): number => (day <= 10 ? 100 : 120) + (day % 3)
const history = historyOf(20, (day) => [numberOf([slower(day), slower(day) - 1, slower(day) + 1])])

describe('Trends', () => {
  test('have a point a run, the median of its trials, and the run at which the number changed', () => {
    const [machine, ...others] = trendsOf(history, all)
    assert.deepEqual([others.length, machine!.runs, machine!.trends.length], [0, 20, 1])
    const { points, changes } = machine!.trends[0]!
    assert.deepEqual([points.length, points[0]!.value, points[0]!.trials], [20, 101, 3])
    assert.deepEqual(
      changes.map(({ point, before, after }) => [point.run, before, after]),
      [['run-11', 101, 121]],
    )
  })

  test('take what an older weir left out, where nobody counted anything, for the 0 that it is', () => {
    const drops = (values: NumberValues['values']) => ({
      ...numberOf([1], { metric: 'dropped_iterations count', unit: 'count', primary: false }),
      values,
    })
    const of = (day: number) => [
      numberOf([slower(day), slower(day), slower(day)]),
      drops(day === 1 ? [{ pair: 2, value: 7 }] : [1, 2, 3].map((pair) => ({ pair, value: pair === 2 ? 7 : 0 }))),
    ]
    const trend = trendsOf(historyOf(2, of), all)[0]!.trends.find(({ metric }) => metric.startsWith('dropped'))!
    assert.deepEqual(
      trend.points.map(({ value, trials }) => [value, trials]),
      [
        [0, 3],
        [0, 3],
      ],
    )
  })

  test('name the commit of the checkout that a variant ran in, not that of the config', () => {
    const git = (commit: string) => ({ commit, branch: 'main', dirty: false })
    const moved = historyOf(
      2,
      (day) => [numberOf([slower(day)]), numberOf([slower(day)], { variant: 'v@../base' })],
      () => ({ git: git('aaaaaaaaaaaa'), checkouts: { 'v@../base': git('bbbbbbbbbbbb') } }),
    )
    const commits = trendsOf(moved, all)[0]!.trends.map(({ points }) => points[0]!.git!.commit)
    assert.deepEqual(commits, ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'])
  })

  test('are in the order in which runs were measured, however their lines stand', () => {
    assert.deepEqual(trendsOf(history.toReversed(), all), trendsOf(history, all))
  })

  test('never hold numbers of two machines; the machine used last comes first', () => {
    const moved = historyOf(
      20,
      (day) => [numberOf([slower(day)])],
      (day) => ({ machine: machineOf(day <= 10 ? 'f1' : 'f2') }),
    )
    const machines = trendsOf(moved, all)
    assert.deepEqual(
      machines.map(({ machine, trends }) => [machine.fingerprint, trends[0]!.points.length, trends[0]!.changes]),
      [
        ['f2', 10, []],
        ['f1', 10, []],
      ],
    )
  })

  test('begin anew where script, options or environment of a scenario change, and can be told apart', () => {
    const changed = historyOf(
      20,
      (day) => [numberOf([slower(day)])],
      (day) => ({ loadDigests: { s: day <= 10 ? 'aaaaaaaa' : 'bbbbbbbb' } }),
    )
    const { trends } = trendsOf(changed, all)[0]!
    assert.deepEqual(
      trends.map(({ load, points, changes }) => [load, points.length, changes.length]),
      [
        ['a campaign, load aaaaaaa', 10, 0],
        ['a campaign, load bbbbbbb', 10, 0],
      ],
    )
  })

  test('never hold numbers of two loads', () => {
    const mixed = historyOf(
      20,
      (day) => [numberOf([slower(day)])],
      (day) => ({ load: day <= 10 ? 'quick' : 'campaign' }),
    )
    const { trends } = trendsOf(mixed, all)[0]!
    assert.deepEqual(
      trends.map(({ load, points }) => [load, points.length]),
      [
        ['a --quick campaign', 10],
        ['a campaign', 10],
      ],
    )
  })

  test('hold delays of the event loop apart by how they were sampled, and no other number', () => {
    const sampled = historyOf(
      4,
      () => [numberOf([1]), numberOf([1], { metric: 'target_event_loop_delay p(99)' })],
      (day) => ({ eventLoopSampling: day <= 2 ? 'interval' : 'iteration' }),
    )
    const { trends } = trendsOf(sampled, all)[0]!
    assert.deepEqual(trends.map(({ metric, points }) => [metric, points.length]).sort(), [
      ['target_event_loop_delay p(99)', 2],
      ['target_event_loop_delay p(99)', 2],
      ['turn p(50)', 4],
    ])
  })

  test('are narrowed by scenario, by metric and by selector', () => {
    const two = historyOf(2, () => [
      numberOf([1], { metric: 'cpu{phase:a} value' }),
      numberOf([1], { metric: 'cpu{phase:b} value', scenario: 'other' }),
    ])
    const narrowed = (scenarios: string[], metrics: string[]) =>
      trendsOf(two, { scenarios, metrics })[0]!.trends.map(({ metric }) => metric)
    assert.deepEqual(narrowed(['other'], []), ['cpu{phase:b} value'])
    assert.deepEqual(narrowed([], ['cpu']), ['cpu{phase:a} value', 'cpu{phase:b} value'])
    assert.deepEqual(narrowed([], ['cpu{phase:a} value']), ['cpu{phase:a} value'])
  })
})

describe('The table of a history', () => {
  test('draws each number and says from which commit on it is another', () => {
    const table = formatTrends(trendsOf(history, all), { width: 80 })
    assert.match(table, /^machine f1: 20 runs, 1 change points?\n/)
    assert.match(table, /\ns, v \(a campaign\)\n/)
    assert.match(table, / turn p\(50\) +[▁-▂]{10}[▇-█]{10} +122 ms +\+19\.8%\n/)
    assert.match(
      table.replace(/\s+/g, ' '),
      /turn p\(50\): \+19\.8% from commit 111111111 \(2026-11-11\) on: 101 ms became 121 ms, p = 0\.005/,
    )
    for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
  })

  test('says aloud that there are several machines', () => {
    const moved = historyOf(
      2,
      () => [numberOf([1])],
      (day) => ({ machine: machineOf(`f${day}`) }),
    )
    assert.match(
      formatTrends(trendsOf(moved, all), { width: 80 }),
      /one of 2 machines, whose numbers are never put together/,
    )
  })
})

const drawn: [values: number[], bars: string][] = [
  [[1, 2, 3, 4, 5, 6, 7, 8], '▁▂▃▄▅▆▇█'],
  [[5, 5, 5], '▅▅▅'],
  [[0, 0], '▄▄'],
  [[1000, 1001], '▄▅'],
  [[9, 9, 1, 8], '█▁▇'],
]
for (const [values, bars] of drawn) {
  test(`${values.join(', ')} is drawn as ${bars}, at most as wide as it may be`, () => {
    assert.equal(sparkline(values, bars.length), bars)
  })
}
