import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, nextRate, type Try } from '../../../harness/compare/saturation/rate-search.ts'
import { seededRandom } from '../../support/random.ts'

const limits = { from: 50, to: 6400, precision: 0.1, tries: 60, loads: 90 }

/** All tries until the search is over. */
function search(outcomeAt: (rate: number) => Try['outcome'], within = limits): Try[] {
  const tries: Try[] = []
  for (let rate = nextRate(tries, within); rate !== null; rate = nextRate(tries, within)) {
    assert.ok(rate >= within.from && rate <= within.to && Number.isInteger(rate), `tried ${rate}`)
    tries.push({ rate, outcome: outcomeAt(rate) })
  }
  return tries
}

const upTo =
  (limit: number) =>
  (rate: number): Try['outcome'] =>
    rate <= limit ? 'held' : 'failed'

for (const limit of [50, 73, 777, 1000, 6399])
  test(`A search finds the edge at ${limit}, and tries both sides of it three times`, () => {
    const tries = search(upTo(limit))
    const { state, lower, upper } = answerOf(tries, limits)
    assert.equal(state, 'found')
    assert.ok(lower! <= limit && upper! > limit && upper! <= lower! * 1.1 + 1, `${lower} to ${upper}`)
    for (const edge of [lower, upper]) assert.equal(tries.filter(({ rate }) => rate === edge).length, 3)
  })

test('A search doubles first, and halves on a log scale then', () => {
  const rates = search(upTo(300)).map(({ rate }) => rate)
  assert.deepEqual(rates.slice(0, 6), [50, 100, 200, 400, 283, 336])
})

test('A lowest rate that fails, and a highest that holds, are said so after three tries', () => {
  assert.deepEqual(answerOf(search(upTo(10)), limits), { state: 'lowest-fails', lower: null, upper: 50 })
  assert.equal(search(upTo(10)).length, 3)
  assert.deepEqual(answerOf(search(upTo(9999)), limits), { state: 'highest-holds', lower: 6400, upper: null })
})

test('What cannot be measured ends the search above what holds', () => {
  const tries = search((rate) => (rate <= 800 ? 'held' : 'unusable'))
  const { state, lower, upper } = answerOf(tries, limits)
  assert.equal(state, 'unmeasurable')
  assert.ok(lower! <= 800 && upper! > 800)
  const none = search(() => 'unusable')
  assert.deepEqual(answerOf(none, limits), { state: 'unmeasurable', lower: null, upper: 50 })
  assert.equal(none.length, 3)
})

test('One try that the machine disturbed does not move the edge', () => {
  let disturbed = false
  const tries = search((rate) => {
    if (rate === 100 && !disturbed) {
      disturbed = true
      return 'unusable'
    }
    return upTo(1000)(rate)
  })
  const { state, lower, upper } = answerOf(tries, limits)
  assert.equal(state, 'found')
  assert.ok(lower! <= 1000 && upper! > 1000)
})

test('A search that has spent its tries says what it knows, and no more', () => {
  const few = { ...limits, tries: 5, loads: 7 }
  const tries = search(upTo(300), few)
  assert.equal(tries.length, 5)
  assert.deepEqual(answerOf(tries, few), { state: 'open', lower: 283, upper: 400 })
  assert.deepEqual(answerOf([], limits), { state: 'open', lower: null, upper: null })
})

test('Loads that are void take no tries from a search, but are not made for ever', () => {
  const few = { ...limits, tries: 15, loads: 22 }
  let loads = 0
  const tries = search((rate) => (++loads % 3 === 0 ? 'unusable' : upTo(1000)(rate)), few)
  assert.equal(answerOf(tries, few).state, 'found')
  assert.ok(tries.length > few.tries, `${tries.length} loads`)
  const undecided = search(() => (++loads % 2 === 0 ? 'unusable' : 'held'), { ...limits, to: 60, tries: 2, loads: 3 })
  assert.equal(undecided.length, 3)
})

test('With noise at the edge a search ends, and its interval lies where the outcome turns over', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed)
    // Holds with a probability that falls from 1 to 0 between 900 and 1100.
    const tries = search((rate) => (random.uniform() < (1100 - rate) / 200 ? 'held' : 'failed'))
    const { state, lower, upper } = answerOf(tries, limits)
    assert.ok(state === 'found' || state === 'open', `${seed}: ${state}`)
    assert.ok(lower! >= 800 && lower! < 1100 && upper! > 900 && upper! <= 1250, `${seed}: ${lower} to ${upper}`)
  }
})

test('The next rate follows from the tries alone: a search that is resumed goes on as it would have', () => {
  const whole = search(upTo(700))
  for (const at of whole.keys()) assert.equal(nextRate(whole.slice(0, at), limits), whole[at]!.rate)
})
