import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ClaimVerdict, decideClaim, readClaimed } from '../../harness/compare/claimed-range.ts'
import type { Claimed } from '../../harness/record/schema.ts'

const threeTimes: Claimed = { ratio: { atLeast: 3 } }
const more: Claimed = { ratio: { above: 1 } }
const less: Claimed = { ratio: { below: 1 } }
const halved: Claimed = { ratio: { from: 0.4, to: 0.6 } }
const same: Claimed = { ratio: { from: 0.97, to: 1.03 } }
const tenMs: Claimed = { difference: { atLeast: 10 } }
const hundred: Claimed = { value: { atLeast: 100 } }
const oneOrTwo: Claimed = { value: { from: 1, to: 2 } }
const none: Claimed = { value: { equals: 0 } }

const cases: [why: string, claimed: Claimed, lower: number, upper: number, verdict: ClaimVerdict][] = [
  ['wholly beyond it', threeTimes, 3.1, 4, 'confirmed'],
  ['from the bound on', threeTimes, 3, 4, 'confirmed'],
  ['an effect that falls short', threeTimes, 1.5, 2.5, 'direction only'],
  ['an effect that may or may not reach it', threeTimes, 1.5, 3.5, 'direction only'],
  ['no effect, and not three times', threeTimes, 0.9, 1.4, 'refuted'],
  ['the opposite', threeTimes, 0.5, 0.8, 'refuted'],
  ['both no effect and three times', threeTimes, 0.9, 3.2, 'inconclusive'],
  ['any effect at all', more, 1.01, 1.02, 'confirmed'],
  ['no effect among others', more, 0.99, 1.02, 'inconclusive'],
  ['an end at no effect', more, 1, 1.02, 'inconclusive'],
  ['the opposite of any effect', more, 0.9, 0.99, 'refuted'],
  ['exactly no effect', more, 1, 1, 'refuted'],
  ['less', less, 0.5, 0.99, 'confirmed'],
  ['not less', less, 1, 1.2, 'refuted'],
  ['inside of a range', halved, 0.45, 0.55, 'confirmed'],
  ['further from no effect than the range', halved, 0.1, 0.2, 'confirmed'],
  ['across the far end of the range', halved, 0.3, 0.5, 'confirmed'],
  ['short of the range', halved, 0.7, 0.9, 'direction only'],
  ['no effect', halved, 0.7, 1.1, 'refuted'],
  ['beside no effect, as claimed', same, 0.98, 1.01, 'confirmed'],
  ['partly beside no effect', same, 0.98, 1.05, 'inconclusive'],
  ['an effect where none was claimed', same, 1.1, 1.2, 'refuted'],
  ['a difference of so much', tenMs, 10, 12, 'confirmed'],
  ['a smaller difference', tenMs, 2, 12, 'direction only'],
  ['no difference', tenMs, -1, 2, 'refuted'],
  ['a value reached', hundred, 120, 130, 'confirmed'],
  ['a value missed, which has no direction', hundred, 20, 30, 'refuted'],
  ['a value perhaps', hundred, 90, 130, 'inconclusive'],
  ['a value beyond a range', oneOrTwo, 3, 4, 'refuted'],
  ['a point in the range', oneOrTwo, 1, 1, 'confirmed'],
  ['nothing, as claimed', none, 0, 0, 'confirmed'],
  ['something where nothing was claimed', none, 3, 3, 'refuted'],
]

for (const [why, claimed, lower, upper, verdict] of cases) {
  test(`${JSON.stringify(claimed)}, measured ${lower} to ${upper}: ${verdict} (${why})`, () => {
    assert.equal(decideClaim(readClaimed(claimed), { lower, upper }), verdict)
  })
}

test('A claim of more or less has a direction; one that holds no effect, or that is of a value, has none', () => {
  const directions = [threeTimes, halved, same, tenMs, hundred].map((claimed) => readClaimed(claimed).direction)
  assert.deepEqual(directions, ['up', 'down', null, 'up', null])
  assert.equal(readClaimed({ ratio: { atLeast: 1 } }).direction, null, '"not slower" holds no effect')
  assert.equal(readClaimed({ difference: { below: 0 } }).direction, 'down')
})
