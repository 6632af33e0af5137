import assert from 'node:assert/strict'
import { test } from 'node:test'
import { powerWarnings, type StoredNoise } from '../../harness/gate/power.ts'
import type { ComparisonPlan, GatePlan } from '../../harness/record/schema.ts'

const gate = (effect: number): GatePlan => ({ name: 'pr', limits: [], power: { effect, atLeast: 0.95 } })
const plan: ComparisonPlan = {
  variant: 'head',
  against: 'base',
  metrics: [{ scenario: 'browse', metric: 'target_cpu_per_op value', margins: { change: 0.01, equivalence: 0.03 } }],
  alpha: 0.003,
  looks: [12, 20],
  budgetMs: 600_000,
  mode: 'trials',
  ended: null,
}
const noise: StoredNoise = {
  scenario: 'browse',
  variant: 'base',
  metric: 'target_cpu_per_op value',
  mode: 'trials',
  sdLog: 0.03,
  pairs: 40,
  usableShare: 1,
  secondsAPair: 30,
}

test('A gate that can find its effect says nothing, and so does one that promises none', () => {
  assert.deepEqual(powerWarnings(gate(0.1), plan, [noise]), [])
  assert.deepEqual(powerWarnings({ ...gate(0.1), power: null }, plan, []), [])
})

test('Where the stored noise wants more pairs than the budget lets in, it says how many and how long they take', () => {
  const [text, ...rest] = powerWarnings(gate(0.03), plan, [noise])
  assert.equal(rest.length, 0)
  const found =
    /^browse: target_cpu_per_op value: an effect of 3% is to be found with 95%, which takes (\d+) pairs, and the budget lets in 20: it differs by 3% from pair to pair \(standard deviation over 40 pairs\)\. A budget of (\d+)m would do$/.exec(
      text!,
    )
  assert.ok(found, text)
  const pairs = Number(found[1])
  assert.ok(pairs > 20)
  assert.equal(Number(found[2]), Math.ceil(pairs / 2))
})

test('Pairs that cannot be used take their time, too', () => {
  const whole = powerWarnings(gate(0.05), { ...plan, looks: [12, 80], budgetMs: 1_800_000 }, [noise])
  assert.deepEqual(whole, [])
  const [text] = powerWarnings(gate(0.05), { ...plan, looks: [12, 80], budgetMs: 1_800_000 }, [
    { ...noise, usableShare: 0.25 },
  ])
  const found =
    /takes (\d+) pairs, and the budget lets in 15 that can be used, of those that ran 25%:.* A budget of (\d+)m/.exec(
      text!,
    )
  assert.ok(found, text)
  assert.equal(Number(found[2]), 2 * Number(found[1]))
})

test('An effect that is called equivalent first is found by no budget, and by which margin it is, is told', () => {
  const [text] = powerWarnings(gate(0.02), { ...plan, budgetMs: 360_000_000 }, [{ ...noise, sdLog: 0.011 }])
  assert.match(
    text!,
    /which no budget can do: .* those within 3% are called equivalent .*\. With "change: 0" it takes \d+ pairs$/,
  )
})

test('Where more pairs are needed than a comparison counts no budget is named, since none would do', () => {
  const [text] = powerWarnings(gate(0.02), { ...plan, budgetMs: 360_000_000 }, [{ ...noise, sdLog: 0.03 }])
  assert.match(text!, /which no budget can do: at most 80 pairs count, it differs by 3% from pair to pair/)
})

test('A pair counts for as long as one took, of every scenario', () => {
  const other = { ...plan.metrics[0]!, scenario: 'buy' }
  const both = { ...plan, metrics: [...plan.metrics, other] }
  const texts = powerWarnings(gate(0.03), both, [noise, { ...noise, scenario: 'buy', secondsAPair: 70 }])
  assert.equal(texts.length, 2)
  for (const text of texts) assert.match(text, /the budget lets in 6:/)
})

test('The noise of the base counts where there is some, else that of its variant here, else the noisiest, by name', () => {
  const of = (variant: string, sdLog: number): StoredNoise => ({ ...noise, variant, sdLog })
  const [quiet, here, loud] = [of('base@../old', 0.001), of('base', 0.03), of('naive', 0.3)]
  const told = (stored: StoredNoise[]) => powerWarnings(gate(0.03), { ...plan, against: 'base@../old' }, stored)
  assert.deepEqual(told([loud, here, quiet]), [])
  assert.match(told([loud, here])[0]!, /by 3% from pair to pair \(standard deviation over 40 pairs of "base"\)/)
  assert.match(told([of('calm', 0.01), loud])[0]!, /by 30% from pair to pair .* of "naive"\)/)
})

test('Noise is found however the statistic of a gate metric is written', () => {
  const metrics = [{ ...plan.metrics[0]!, metric: 'turn{scenario:paced} med' }]
  const stored = { ...noise, metric: 'turn{scenario:paced} p(50)' }
  assert.deepEqual(powerWarnings(gate(0.1), { ...plan, metrics }, [stored]), [])
})

test('An effect within the margin is never found', () => {
  assert.match(
    powerWarnings(gate(0.005), plan, [noise])[0]!,
    /which no budget can do: .* changes up to 1% do not count, those within 3% are called equivalent as soon as they surely are$/,
  )
})

test('Noise that nobody measured, or not in this mode, leaves it open, and says how to measure it', () => {
  for (const stored of [[], [{ ...noise, mode: 'slices' as const }], [{ ...noise, metric: 'throughput value' }]])
    assert.match(
      powerWarnings(gate(0.05), plan, stored)[0]!,
      /no noise of this load is stored for this machine: weir noise base --scenario browse$/,
    )
})
