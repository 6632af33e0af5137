import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packNumbers, unpackNumbers } from '../../../reports/data/packed-numbers.ts'
import { seededRandom } from '../../support/random.ts'

const back = (value: unknown): unknown => unpackNumbers(packNumbers(value))
const twenty = (of: (at: number) => unknown): unknown[] => Array.from({ length: 20 }, (_, at) => of(at))

const values: [what: string, value: unknown][] = [
  ['whole numbers', twenty((at) => at * at)],
  ['decimals', twenty((at) => Number((12.34 + at / 7).toPrecision(4)))],
  ['huge and tiny numbers', twenty((at) => (at + 1) * 10 ** (at - 12))],
  ['numbers of all digits', twenty((at) => Math.PI * (at + 1))],
  ['multiples of a million', twenty((at) => 3e6 * at)],
  ['numbers down through zero', twenty((at) => 1.5 * (7 - at))],
  ['numbers far apart', twenty((at) => (at % 2 === 0 ? 1 : 2 ** 40))],
  ['numbers up to three bytes apart', twenty((at) => (at % 2 === 0 ? 0 : 2 ** 24 - 4))],
  ['numbers beyond what is exact', twenty((at) => 2 ** 60 + 2 ** 20 * at)],
  ['what was not observed, and what is no number', twenty((at) => [null, false, 0.1, 17][at % 4])],
  ['nothing at all', twenty(() => null)],
  ['points', twenty((at) => [at / 10, at % 3 === 0 ? null : 100 / (at + 1)])],
  ['rows of different lengths', twenty((at) => Array(1 + (at % 2)).fill(at))],
  ['intervals, some of them missing', twenty((at) => (at === 3 ? null : [at, at + 1]))],
  ['texts and numbers', twenty((at) => (at === 19 ? 'last' : at))],
  ['the same array in two places', { one: twenty((at) => at), other: [twenty((at) => at), 'x'] }],
  ['an object with keys of ours', { '#': 3, entries: [1], inside: { '#': null, numbers: twenty((at) => at) } }],
  ['an object with a key named entries', { entries: { a: 1 }, b: [] }],
  ['no array', 'text'],
  ['null', null],
]

for (const [what, value] of values)
  test(`Packed and unpacked, ${what} are what they were`, () => {
    assert.deepEqual(back(value), JSON.parse(JSON.stringify(value)))
  })

test('Whatever numbers there are come back as they were', () => {
  const random = seededRandom(7)
  for (let round = 0; round < 500; round++) {
    const digits = 1 + Math.floor(random.uniform() * 16)
    const scale = 10 ** Math.floor(random.uniform() * 24 - 12)
    const array = twenty(() => Number(((random.uniform() - 0.3) * scale).toPrecision(digits)))
    assert.deepEqual(back({ array }), { array }, `${digits} digits of ${scale}`)
  }
})

test('Numbers of few digits take some two bytes each, and what is alike is told once', () => {
  const random = seededRandom(8)
  const many = Array.from({ length: 5000 }, () => Number((50 + random.uniform()).toPrecision(4)))
  assert.ok(packNumbers(many).length < 2.1 * many.length)
  assert.ok(packNumbers([many, many, many]).length < 2.1 * many.length)
})
