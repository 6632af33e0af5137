import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planLooks } from '../../../harness/compare/looks.ts'
import { documentsOf } from '../analyse.ts'
import { evaluate } from '../evaluate.ts'
import { madeUpPool } from '../made-up-pool.ts'
import { printPool, readPool } from '../pool/pool.ts'
import { alpha } from '../procedures/sequential.ts'
import { mostPairs, rulesFor } from '../procedures/table.ts'
import { liveSection } from './live.ts'
import { minutesOf, resultsOf } from './results.ts'

const few = { comparisons: 20, twinComparisons: 40, seed: 5 }
const effects = {
  'work-1': 0.01,
  'work-2': 0.02,
  'work-5': 0.05,
  'work-10': 0.1,
  stalls: 0.2,
  leak: 0.3,
  garbage: 0.03,
}
const pool = madeUpPool(60, effects)

describe('The evaluation', () => {
  const cells = evaluate(pool, few)
  const cell = (condition: string) => cells.find((each) => each.condition === condition && each.metric === 'cpu')!
  const { weir } = rulesFor(pool.secondsATrial)

  it('has a cell for each number that was recorded under each condition', () => {
    assert.equal(cells.length, 8 * 6)
    assert.ok(cells.every(({ metric }) => metric !== 'instructions'))
  })

  it('knows what was put in: the effect over the pool, and the noise of its pairs', () => {
    const { effect, deviation, pool: pairs } = cell('work-5')
    assert.equal(pairs, 60)
    assert.ok(effect.lower! < 0.05 && effect.upper! > 0.05, JSON.stringify(effect))
    // Two trials of 1% each.
    assert.ok(deviation > 0.011 && deviation < 0.018, String(deviation))
  })

  it('finds what is large at the first look, and nothing larger than 1% where nothing is', () => {
    const first = cell('work-10').byRule.get(weir(null, 0).name)!
    const [look] = planLooks(mostPairs, alpha)
    assert.deepEqual([first.worse, first.better, first.meanPairs], [20, 0, look])
    assert.deepEqual(first.pairsWhenWorse, Array(20).fill(look))
    const none = cell('control-again').byRule.get(weir(null, 0.01).name)!
    assert.deepEqual([none.worse, none.better], [0, 0])
  })

  it('takes the sides of a pair apart for rules that do not pair them, which then see what moves both', () => {
    const drifting = madeUpPool(60, {})
    for (const trial of drifting.trials) {
      const drift = trial.block % 2 === 0 ? 1.2 : 1
      trial.values.p50! *= drift
    }
    const twins = evaluate(drifting, few).find(
      ({ condition, metric }) => condition === 'control-again' && metric === 'p50',
    )!
    const { peers } = rulesFor(drifting.secondsATrial)
    const byTitle = (title: string) => twins.byRule.get(peers.find((rule) => rule.title === title)!.name)!
    assert.equal(twins.byRule.get(weir(null, 0).name)!.worse, 0)
    assert.ok(byTitle('last value, 110%').worse > 10, String(byTitle('last value, 110%').worse))
  })

  it('knows that pairs that cannot be used take their time, too', () => {
    const voided = pool.trials.map((trial) =>
      trial.condition === 'work-5' && trial.block % 2 === 0
        ? { ...trial, values: { ...trial.values, cpu: null } }
        : trial,
    )
    const half = evaluate({ ...pool, trials: voided }, few)
    const found = half.find(({ condition, metric }) => condition === 'work-5' && metric === 'cpu')!
    const rule = weir(15, 0.01)
    assert.equal(found.pool, 30)
    assert.equal(rulesFor(pool.secondsATrial, 0.5).weir(15, 0.01).mostPairs, Math.floor(rule.mostPairs / 2))
    const whole = resultsOf(pool, few)
    assert.equal(minutesOf(whole, 10, found), 2 * minutesOf(whole, 10))
    assert.ok(found.byRule.get(rule.name)!.pairsWhenWorse.every((pairs) => pairs <= rule.mostPairs / 2))
  })

  it('knows that fewer requests a second are worse', () => {
    const slower = cells.find(({ condition, metric }) => condition === 'work-10' && metric === 'throughput')!
    assert.equal(slower.byRule.get(weir(null, 0).name)?.worse, 20)
  })
})

describe('The page of a pool in which a number could hardly be used', () => {
  const voided = pool.trials.map((trial) =>
    trial.condition === 'control-again' && trial.block > 5
      ? { ...trial, values: { ...trial.values, p50: null } }
      : trial,
  )
  const text = documentsOf({ ...pool, trials: voided }, [], few)['README.md']!

  it('says so, and says all of the others', () => {
    assert.match(text, /A\/A "changed", margin 1.0% \| p50 \|.*too few pairs/)
    assert.match(text, /A\/A "changed", margin 1.0% \| p99 \|.*7.2%/)
  })
})

describe('The page', () => {
  const documents = documentsOf(pool, [], few)
  const text = documents['README.md']!

  it('is the same, byte for byte, of the values as they are stored', () => {
    assert.deepEqual(documentsOf(readPool(printPool(pool)), [], few), documents)
  })

  it('says of every target whether it is met, and of each that is missed why', () => {
    const rows = text.split('\n').filter((line) => /\| (met|\*\*missed\*\*|not recorded here) \|$/.test(line))
    assert.equal(rows.length, 1 + 2 * 6 + 4 + 1 + 4 + 1 + 1)
    const missed = rows.filter((row) => row.includes('**missed**'))
    const reasons = /What is missed, by how much and why:\n\n((?:- .*\n)+)/.exec(text)?.[1] ?? ''
    assert.equal(reasons.trimEnd().split('\n').length, missed.length)
    // 0 of 40 leaves more than 1% possible.
    assert.match(reasons, /A\/A "changed", margin 0%, p50: 0 of 40, 6\.22 points above\. The share itself is inside/)
  })

  it('follows the numbers: a change that is not there is missed, and what its noise asks for is said', () => {
    const weak = documentsOf(madeUpPool(60, { ...effects, 'work-2': 0.008 }), [], few)['README.md']!
    assert.match(
      weak,
      /- 2% slowdown, margin 0%, within 15 min, [^:]+: \d+ points short\. One pair differs .* they find it in \S+%, and \d+ pairs \(\S+ min\) would do\./,
    )
  })

  it('shows its plots, and they are whole SVG', () => {
    for (const [name, plot] of Object.entries(documents)) {
      if (!name.endsWith('.svg')) continue
      assert.ok(text.includes(`](${name})`), name)
      assert.match(plot, /^<svg [^>]*viewBox="[\d .]+"[\s\S]*prefers-color-scheme: dark[\s\S]*<\/svg>\n$/)
      assert.doesNotMatch(plot, /NaN|undefined|Infinity/)
    }
    assert.doesNotMatch(text, /NaN|undefined|Infinity/)
  })
})

describe('Live comparisons', () => {
  const verdictOf = (variant: string, verdict: string) => ({
    ...{
      variant,
      against: 'control',
      metric: 'target_cpu_per_op{phase:capacity} value',
      pairs: 12,
      looks: [{}],
      verdict,
    },
    ...{ estimate: 0.004, lower: -0.01, upper: 0.018 },
  })
  const counts = { validPairs: 12, invalidPairs: 1, seed: 3 }

  it('are listed, and those of identical servers that say "changed" are counted', () => {
    const text = liveSection([
      { ...counts, comparisons: [verdictOf('control-again', 'equivalent'), verdictOf('control-again', 'improved')] },
      { ...counts, comparisons: [verdictOf('work-5', 'regressed')] },
    ])
    assert.match(text, /Of 2 verdicts about identical servers 1 say/)
    assert.match(
      text,
      /\| 2: 5% more work \(seed 3, 12 valid pairs, 1 not\) \| .* \| \+0\.40% \| -1\.00% to \+1\.80% \| 12 \| 1 \| regressed \|/,
    )
  })

  it('are asked for where none was run', () => {
    assert.match(liveSection([]), /None has been run yet/)
  })
})
