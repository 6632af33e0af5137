import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparisonFile } from '../../harness/compare/comparison-file.ts'
import { formatPairedTable } from '../../harness/compare/paired-table.ts'
import { pairedRun, plan } from './paired-run.ts'
import { observe } from './run-builder.ts'

const wild = (pair: number): number => (pair % 2 === 0 ? 1.5 : 1 / 1.5)
const format = (run: Parameters<typeof formatPairedTable>[0], width = 80) =>
  formatPairedTable(run, { width, color: false })

test('The table tells of each gate metric the change, its interval, the pairs and the verdict', () => {
  const run = pairedRun({ ratio: () => 1.05, planned: { ended: 'decided' }, header: { seed: 7 } })
  assert.equal(
    format(run),
    [
      'new against base: 12 valid pairs; everything is decided',
      'Hodges-Lehmann, signed-rank intervals; a wrong "changed" in 0.3% of such',
      '  comparisons at most (seed 7)',
      '',
      'browse',
      '  metric                               change       interval  pairs  verdict',
      '  target_cpu_per_op{phase:main} value   +5.1%  +5.0 to +5.1%     12  regressed',
      '',
    ].join('\n'),
  )
})

test('An inconclusive metric says what these pairs could have shown, and what was left out is told by pair', () => {
  const run = pairedRun({ pairs: 14, ratio: wild, late: 2, planned: { ended: 'budget' } })
  const text = format(run).replace(/\s+/g, ' ')
  assert.match(text, /12 valid pairs, 2 not; the budget is spent/)
  assert.match(text, /inconclusive; these 12 pairs could have shown an effect of [\d.]+% or more/)
  assert.match(text, /new, pairs 1 and 2: not used: the generator was late/)
})

test('A record that somebody took away is named, and what was decided with it is not called decided', () => {
  const { header, records } = pairedRun({ ratio: () => 1.05, planned: { ended: 'decided' }, header: { blocks: 20 } })
  const others = records.filter(({ key }) => key.pair !== 5 || key.side === 'A')
  const text = format({ header, records: others }).replace(/\s+/g, ' ')
  assert.match(text, /11 valid pairs, 1 not; it ended as decided, and is not by what is here/)
  assert.match(text, /inconclusive .*: too few pairs: 11 can be used, the first look needs 12/)
  assert.match(text, /new, pair 5: has no record/)
})

test('Before the first look there is no interval, and how many pairs it needs is said', () => {
  const text = format(pairedRun({ pairs: 3 })).replace(/\s+/g, ' ')
  assert.match(text, /3 valid pairs; more to come/)
  assert.match(text, /too few pairs: 3 can be used, the first look needs 12/)
})

test('Beside the verdicts stand the headline figures that have none', () => {
  const more = (side: 'A' | 'B') => [observe('target_rss_peak value', side === 'A' ? 100 : 110)]
  assert.match(format(pairedRun({ more })), / {2}descriptive +base +new\n {2}Memory \(RSS\), peak +100 MB +\+10\.0%\n/)
})

test('No line is wider than asked for, whatever names there are', () => {
  const long = `target_cpu_per_op{phase:${'x'.repeat(100)}} value`
  const metrics = [...plan.metrics, { ...plan.metrics[0]!, metric: long }]
  const more = () => [observe('target_cpu_per_op value', 1, { phase: 'x'.repeat(100) })]
  for (const line of format(pairedRun({ more, planned: { metrics, variant: 'new' } })).split('\n'))
    assert.ok(line.length <= 80, line)
})

test('What programs read has ratios minus one, counts of pairs and the seed, and follows from the run alone', () => {
  const run = pairedRun({ pairs: 13, ratio: () => 1.05, late: 1, header: { seed: 7 } })
  const file = comparisonFile(run)
  assert.deepEqual(Object.keys(file).slice(0, 4), ['comparisons', 'validPairs', 'invalidPairs', 'seed'])
  const [first] = file.comparisons
  const { variant, against, scenario, metric, unit, pairs, verdict } = first!
  assert.deepEqual(
    { variant, against, scenario, metric, unit, pairs, verdict },
    {
      variant: 'new',
      against: 'base',
      scenario: 'browse',
      metric: 'target_cpu_per_op{phase:main} value',
      unit: 'ms',
      pairs: 12,
      verdict: 'regressed',
    },
  )
  const bounds = [first!.lower, first!.estimate, first!.upper]
  assert.ok(
    bounds.every((each) => each !== null && each > 0.05 && each < 0.053),
    bounds.join(),
  )
  assert.deepEqual([file.validPairs, file.invalidPairs, file.seed], [12, 1, 7])
  assert.equal(JSON.stringify(comparisonFile(structuredClone(run))), JSON.stringify(file))
})
