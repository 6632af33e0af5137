import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LookLevel, lookLevels, planLooks } from '../../harness/compare/looks.ts'
import { takeLooks } from '../../harness/compare/take-looks.ts'
import { decideVerdict } from '../../harness/compare/verdict.ts'
import { drawLogs } from '../study/simulate/draw.ts'
import { type Noise, noises } from '../study/simulate/noise.ts'
import { firstLookThatIsWrong } from '../study/simulate/simulation.ts'
import { seededRandom } from '../support/random.ts'

/** The verdict is `regressed` above zero and `improved` below, and never that nothing changed. */
const changed = ({ lower, upper }: { lower: number; upper: number }) =>
  decideVerdict(lower, upper, 'lower', { change: 0, equivalence: 0 })

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

test('Whoever judges a look is told its pairs beside their interval', () => {
  const heard: unknown[] = []
  takeLooks([0.2, 0.1, 0.3, 0.1], [{ pairs: 3, error: 0.25 }], (interval, logs) => {
    heard.push([interval.lower, interval.upper, logs])
    return 'equivalent'
  })
  assert.deepEqual(heard, [[0.1, 0.3, [0.2, 0.1, 0.3]]])
})

const alpha = 0.05
const looks = planLooks(40, alpha)
const levels = lookLevels(looks, alpha)

const firstWrong = firstLookThatIsWrong(levels)

test('The study counts the same looks as wrong that find a change where there is none', () => {
  const random = seededRandom(5)
  for (const noise of noises) {
    for (let round = 0; round < 60; round++) {
      const values = drawLogs(noise, 40, round, random.uniform)
      const taken = takeLooks(values, levels, changed)
      assert.equal(firstWrong(values), taken.at(-1)!.verdict === 'inconclusive' ? -1 : taken.length - 1)
    }
  }
})

/** How many of so many comparisons of the same thing have a look that is wrong, by the look that is so first. */
function wrongLooks(noise: Noise, comparisons: number, firstOf = (values: number[]) => firstWrong(values)): number[] {
  const random = seededRandom(20261121)
  const counts = levels.map(() => 0)
  for (let seed = 0; seed < comparisons; seed++) {
    const first = firstOf(drawLogs(noise, 40, seed, random.uniform))
    if (first >= 0) counts[first]!++
  }
  return counts
}
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

// An error of 5% shows in few comparisons what 0.3% hides: the procedure is the same.
const comparisons = 3000
const atMost = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / comparisons)
for (const noise of noises) {
  test(`Where nothing changed, all looks together err in at most ${alpha} of comparisons, in noise of this kind: ${noise.title}`, () => {
    const wrong = total(wrongLooks(noise, comparisons)) / comparisons
    assert.ok(wrong < atMost, String(wrong))
  })
}

test('The first look errs as often as it was given, and all looks use most of what they share', () => {
  const counts = wrongLooks(noises[0]!, 10_000)
  const { error } = levels[0]!
  assert.ok(Math.abs(counts[0]! / 10_000 - error) < 4 * Math.sqrt(error / 10_000), `${counts[0]} at the first look`)
  assert.ok(total(counts) / 10_000 > 0.7 * alpha, String(total(counts)))
})

test('A budget that ends at any number of pairs makes no more errors', () => {
  const random = seededRandom(9)
  const ends = Array.from({ length: 31 }, (_, more) => firstLookThatIsWrong(lookLevels(looks, alpha, 10 + more)))
  const atAnyEnd = (values: number[]) => {
    const more = Math.floor(31 * random.uniform())
    return ends[more]!(values.slice(0, 10 + more)) >= 0 ? 0 : -1
  }
  const wrong = total(wrongLooks(noises[1]!, comparisons, atAnyEnd)) / comparisons
  assert.ok(wrong < atMost, String(wrong))
})
