import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase85, toBase85 } from '../../../reports/data/base85.ts'
import { seededRandom } from '../../support/random.ts'

const random = seededRandom(5)
const drawn = (length: number) => Uint8Array.from({ length }, () => Math.floor(random.uniform() * 256))

test('Bytes come back as they were, however many they are.', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = drawn(length)
    assert.deepEqual(fromBase85(toBase85(bytes)), bytes)
  }
})

test('The smallest and the largest bytes come back, too, in every place of a rest.', () => {
  for (const byte of [0, 1, 127, 128, 254, 255]) {
    for (let length = 1; length < 12; length++) {
      const bytes = new Uint8Array(length).fill(byte)
      assert.deepEqual(fromBase85(toBase85(bytes)), bytes)
    }
  }
})

test('The text takes a quarter more than the bytes, and has no character of markup.', () => {
  const text = toBase85(drawn(40_000))
  assert.equal(text.length, 50_000)
  assert.match(text, /^[!#-;=-w]+$/)
  assert.equal(toBase85(drawn(5)).length, 7)
})
