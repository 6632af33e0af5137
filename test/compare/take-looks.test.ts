import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LookLevel, lookLevels, planLooks } from '../../harness/compare/looks.ts'
import { takeLooks } from '../../harness/compare/take-looks.ts'
import { decideVerdict } from '../../harness/compare/verdict.ts'
import { countMisses, missFinder } from '../study/look-errors.ts'
import { noiseModels } from '../study/noise-models.ts'
import { seededRandom } from '../support/random.ts'

/** The verdict is `regressed` above zero and `improved` below, and never that nothing changed. */
const changed = (lower: number, upper: number) => decideVerdict(lower, upper, 'lower', { change: 0, equivalence: 0 })

test('A look that decides is the last, and one of few pairs that cannot decide is passed by', () => {
  const levels: LookLevel[] = [
    { pairs: 10, error: 0 },
    { pairs: 12, error: 0.001 },
    { pairs: 20, error: 0.001 },
  ]
  const looks = takeLooks(new Array<number>(30).fill(0.1), levels, changed)
  assert.deepEqual(
    looks.map(({ pairs, verdict, interval }) => [pairs, verdict, interval?.lower]),
    [
      [10, 'inconclusive', undefined],
      [12, 'regressed', 0.1],
    ],
  )
})

test('A pair without a ratio leaves the looks at it without estimate, and those before it as they are', () => {
  const logs = [...new Array<number>(12).fill(0), null, ...new Array<number>(7).fill(0)]
  const looks = takeLooks(logs, lookLevels([12, 20], 0.01), () => 'inconclusive')
  assert.deepEqual(
    looks.map(({ pairs, estimate }) => [pairs, estimate]),
    [
      [12, 0],
      [20, null],
    ],
  )
})

const alpha = 0.05
const looks = planLooks(40, alpha)
const levels = lookLevels(looks, alpha)

test('Counting the averages below zero finds the same misses as the intervals of looks do', () => {
  const random = seededRandom(5)
  for (const { draw } of noiseModels) {
    for (let round = 0; round < 60; round++) {
      const values = draw(40, random)
      const taken = takeLooks(values, levels, changed)
      const last = taken.at(-1)!
      assert.equal(missFinder(levels)(values), last.verdict === 'inconclusive' ? null : taken.length - 1)
    }
  }
})

// An error of 5% shows in few repetitions what 0.3% hides: the procedure is the same.
const repetitions = 3000
for (const { name, draw } of noiseModels) {
  test(`Where nothing changed, all looks together err in at most ${alpha} of comparisons, in noise that is: ${name}`, () => {
    const random = seededRandom(20261121)
    const { missed } = countMisses(() => draw(40, random), levels, repetitions)
    const limit = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / repetitions)
    assert.ok(missed / repetitions < limit, String(missed / repetitions))
  })
}

test('The first look errs as often as it was given, and all looks err in most of what they share', () => {
  const random = seededRandom(8)
  const { missed, missedAt } = countMisses(() => noiseModels[0]!.draw(40, random), levels, 10_000)
  const { error } = levels[0]!
  assert.ok(Math.abs(missedAt[0]! / 10_000 - error) < 4 * Math.sqrt(error / 10_000), `${missedAt[0]} at the first look`)
  assert.ok(missed / 10_000 > 0.7 * alpha, String(missed))
})

test('A budget that ends at any number of pairs makes no more errors', () => {
  const random = seededRandom(9)
  let missed = 0
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const end = 10 + Math.floor(31 * random.uniform())
    if (missFinder(lookLevels(looks, alpha, end))(noiseModels[1]!.draw(end, random)) !== null) missed++
  }
  assert.ok(missed / repetitions < alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / repetitions), String(missed))
})

test('Whoever looks at every pair at the full error, as we do not, errs far more often', () => {
  const random = seededRandom(10)
  const careless = Array.from({ length: 31 }, (_, index) => ({ pairs: 10 + index, error: alpha }))
  const { missed } = countMisses(() => noiseModels[0]!.draw(40, random), careless, 1000)
  assert.ok(missed / 1000 > 2 * alpha, String(missed))
})
