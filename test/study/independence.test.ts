import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Independence, independenceOf, serialCorrelation } from './independence.ts'
import { madeUpPool } from './made-up-pool.ts'
import { rulesFor } from './procedures/table.ts'

const options = { comparisons: 20, twinComparisons: 60, seed: 5 }

test('The correlation of each value with the next is that of a known series', () => {
  // Away from 2.5: -1.5, -0.5, 0.5, 1.5. Products of neighbours 0.75, -0.25, 0.75; squares 5.
  assert.equal(serialCorrelation([[1, 2, 3, 4]]), 0.25)
  assert.ok(serialCorrelation([[1, -1, 1, -1, 1, -1]]) < -0.8)
  // The last of one machine and the first of the next are no neighbours: the -0.25 is not there.
  assert.equal(
    serialCorrelation([
      [1, 2],
      [3, 4],
    ]),
    0.3,
  )
})

test('Pairs that have nothing in common look as if they had nothing in common', () => {
  const found = independenceOf(madeUpPool(100, {}, 2), options)
  assert.equal(found.size, 6)
  const beyond = [...found.values()].filter(({ correlation, usual }) => Math.abs(correlation) > usual)
  assert.ok(beyond.length <= 1, String(beyond.length))
})

test('A pool that was one way in its first half and the other in its second is noticed, although its mean is 0', () => {
  const pool = madeUpPool(96, {})
  for (const trial of pool.trials)
    if (trial.condition === 'control-again') trial.values.p50! *= trial.block <= 48 ? 1.05 : 1 / 1.05
  const { correlation, usual, inPieces, asRecorded } = independenceOf(pool, options).get('p50')!
  assert.ok(correlation > 3 * usual, `${correlation}`)
  assert.ok(inPieces.worse + inPieces.better > 3)
  const pairs = rulesFor(pool.secondsATrial).weir(5, 0).mostPairs
  assert.deepEqual(asRecorded, { found: 96 / pairs, tried: 96 / pairs })
})

test('What it is worth to be started first is told apart from what was changed, and is nothing where all start alike', () => {
  const pool = madeUpPool(96, { 'work-5': 0.05 })
  assert.equal(independenceOf(pool, options).get('cpu')!.startedFirst, null)
  for (const trial of pool.trials) {
    // In every other block the control is started last.
    if (trial.block % 2 === 0) trial.position = 10 - trial.position
    const isBeforeControl = trial.block % 2 === 0 && trial.condition !== 'control'
    if (isBeforeControl) trial.values.cpu! *= 1.02
  }
  const { cpu, p50 } = Object.fromEntries(independenceOf(pool, options)) as Record<string, Independence>
  const away = (found: Independence | undefined, share: number) =>
    Math.abs(found!.startedFirst!.estimate - Math.log1p(share)) / found!.startedFirst!.half
  assert.ok(away(cpu, 0.02) < 2, `${away(cpu, 0.02)}`)
  assert.ok(away(cpu, 0) > 4, `${away(cpu, 0)}`)
  assert.ok(away(p50, 0) < 2, `${away(p50, 0)}`)
})
