import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareWithBaseline } from '../../harness/compare/baseline.ts'
import { formatBaselineTable } from '../../harness/compare/baseline-table.ts'
import type { RunValues } from '../../harness/record/schema.ts'
import { machineOf, numberOf as number, runValuesOf as run } from '../support/run-values.ts'

const earlier = [100, 101, 99, 100, 102, 98]
const onlyOf = (before: RunValues, now: RunValues) => {
  const { differences } = compareWithBaseline(before, now)
  assert.equal(differences.length, 1)
  return differences[0]!
}
const scaled = (factor: number) => earlier.map((value) => value * factor)

describe('A run held against a baseline', () => {
  const cases: [title: string, now: number[], word: string][] = [
    ['differs where the interval lies beyond the margin, slower', scaled(1.2), 'differs'],
    ['differs where the interval lies beyond the margin, faster', scaled(0.8), 'differs'],
    ['is alike where the interval lies inside of 3%', scaled(1), 'alike'],
    ['cannot tell where the interval is wide', [80, 90, 100, 110, 120, 130], 'cannot tell'],
    ['cannot tell from three trials', [200, 201, 199], 'cannot tell'],
  ]
  for (const [title, now, word] of cases) {
    test(title, () => {
      const before = word === 'cannot tell' && now.length === 3 ? earlier.slice(0, 3) : earlier
      assert.equal(onlyOf(run([number(before)]), run([number(now)])).word, word)
    })
  }

  test('has the shift as a ratio minus one, by logarithms, and in the unit of the metric', () => {
    const { ratio, difference } = onlyOf(run([number(earlier)]), run([number(scaled(1.2))]))
    assert.ok(Math.abs(ratio!.estimate - 0.2) < 0.01, String(ratio!.estimate))
    assert.ok(ratio!.lower! < 0.2 && ratio!.upper! > 0.2)
    assert.ok(Math.abs(difference.estimate - 20) < 1)
  })

  test('has no ratio where a value is zero', () => {
    const { ratio, word } = onlyOf(run([number([0, 0, 0, 0])]), run([number([0, 0, 0, 1])]))
    assert.deepEqual([ratio, word], [null, 'cannot tell'])
  })

  test('has no word for numbers that nothing is judged by', () => {
    const boot = { metric: 'target_boot value', primary: false }
    assert.equal(onlyOf(run([number(earlier, boot)]), run([number(scaled(2), boot)])).word, null)
  })

  test('is not judged on another machine, and what is different is said', () => {
    const other = { ...machineOf('f2'), node: 'v26' }
    const result = compareWithBaseline(run([number(earlier)], { machine: other }), run([number(scaled(1.2))]))
    assert.equal(result.differences[0]!.word, 'refused')
    assert.deepEqual(result.otherMachine, ['node: v24, was v26'])
  })

  test('is refused under another load', () => {
    const quick = run([number(earlier)], { run: 'first', load: 'quick' })
    assert.throws(
      () => compareWithBaseline(quick, run([number(earlier)])),
      /run "later" was a campaign, the baseline's run "first" a --quick campaign: their loads differ/,
    )
  })

  test('leaves out a scenario whose script, options or environment have changed, and says so', () => {
    const both = [number(earlier), number(earlier, { scenario: 'same' })]
    const before = run(both, { loadDigests: { s: 'd1', same: 'd' } })
    const now = run(both, { loadDigests: { s: 'd2', same: 'd' } })
    const result = compareWithBaseline(before, now)
    assert.deepEqual(
      result.differences.map(({ scenario }) => scenario),
      ['same'],
    )
    assert.deepEqual(result.otherLoads, ['s: script, options or environment of the load are not what they were'])
    const table = formatBaselineTable(result, { name: 'main', before, now }, { width: 80 })
    assert.match(table.replace(/\s+/g, ' '), /not what they were: its numbers are left out/)
  })

  test('is refused where its only scenario is another load, or nobody noted which', () => {
    const now = run([number(earlier)], { loadDigests: { s: 'd2' } })
    assert.throws(
      () => compareWithBaseline(run([number(earlier)], { loadDigests: { s: 'd1' } }), now),
      /no usable number in common\. s: script, options or environment of the load are not what they were/,
    )
    assert.throws(() => compareWithBaseline(run([number(earlier)]), now), /s: an older weir measured one of the two/)
  })

  test('leaves out delays of the event loop that were sampled in another way, and says so', () => {
    const delay = number(earlier, { metric: 'target_event_loop_delay p(99)', primary: false })
    const before = run([number(earlier), delay], { eventLoopSampling: 'iteration' })
    const result = compareWithBaseline(before, run([number(earlier), delay]))
    assert.deepEqual([result.differences.map(({ metric }) => metric), result.isSamplingOther], [['turn p(50)'], true])
  })

  test('names what just one of the two has', () => {
    const before = run([number(earlier), number(earlier, { variant: 'gone' })])
    const result = compareWithBaseline(before, run([number(earlier), number(earlier, { scenario: 'new' })]))
    assert.deepEqual([result.onlyBefore, result.onlyNow], [['s, gone'], ['new, v']])
  })

  test('names what just one of them observed of a scenario that both ran', () => {
    const dropped = { metric: 'dropped_iterations count', primary: false }
    const result = compareWithBaseline(run([number(earlier)]), run([number(earlier), number([50, 52], dropped)]))
    assert.deepEqual([result.onlyBefore, result.onlyNow], [[], ['s, v: dropped_iterations count']])
  })

  test('is refused where the two have nothing in common', () => {
    const before = run([number(earlier, { variant: 'gone' })])
    assert.throws(
      () => compareWithBaseline(before, run([number(earlier)])),
      /no usable number in common.*s, v.*s, gone/,
    )
  })

  test('says that a variant fails more often than it did', () => {
    const failed = (share: number) =>
      number([share, share], { metric: 'turns_failed rate', unit: 'share', primary: false })
    const result = compareWithBaseline(run([number(earlier), failed(0)]), run([number(scaled(0.5)), failed(0.1)]))
    assert.deepEqual(result.doubts, [
      's, v fails more often than it did (turns_failed rate), so its times prove nothing',
    ])
  })
})

describe('The table of a baseline', () => {
  const tableOf = (before: RunValues, now: RunValues) =>
    formatBaselineTable(compareWithBaseline(before, now), { name: 'main', before, now }, { width: 80 })

  test('begins with what it is worth, keeps to its width, and never speaks of a regression as found', () => {
    const table = tableOf(run([number(earlier)]), run([number(scaled(1.2))]))
    assert.match(table, /^later against baseline main\n/)
    assert.match(table.replace(/\s+/g, ' '), /WARNING: the two runs are of two times\..*weir compare, weir gate\./)
    assert.match(table, /turn p\(50\) +100 ms +120 ms +\+20\.0% +\S+ to \S+ +differs\n/)
    assert.ok(!/regressed/.test(table))
    for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
  })

  test('says aloud that the machine is another', () => {
    const other = { ...machineOf('f2'), cpu: 'fast' }
    const table = tableOf(run([number(earlier)], { machine: other }), run([number(scaled(1.2))]))
    assert.match(table.replace(/\s+/g, ' '), /this is another machine \(cpu: c, was fast\): no difference is judged/)
    assert.match(table, /refused\n/)
  })

  test('says how many trials an interval needs', () => {
    const table = tableOf(run([number([1, 2, 3])]), run([number([1, 2, 3])]))
    assert.match(table.replace(/\s+/g, ' '), /too few trials for an interval \(3 trials then and 3 now\)/)
  })
})
