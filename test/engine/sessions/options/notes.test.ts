import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Raw } from '../../../../harness/engine/sessions/options/values.ts'
import { readOptions } from '../../../../harness/engine/sessions/options.ts'

const read = (voidUnless: unknown) =>
  readOptions({ ext: { weir: { voidUnless } } } as Raw, {}, ['default']).notes.voidUnless

describe('options.ext.weir.voidUnless', () => {
  it('is a list of conditions for each metric, or one alone', () => {
    const told = read({ wrong: ['count==0', 'rate<1'], 'left{why:late}': 'value==0' })
    assert.deepEqual(
      told.map(({ key, metric, tags, threshold }) => [key, metric, tags, threshold.text]),
      [
        ['wrong', 'wrong', {}, 'count==0'],
        ['wrong', 'wrong', {}, 'rate<1'],
        ['left{why:late}', 'left', { why: 'late' }, 'value==0'],
      ],
    )
    assert.deepEqual(read(undefined), [])
  })

  const refused: [title: string, given: unknown, message: RegExp][] = [
    ['a text instead of an object', 'wrong', /options\.ext\.weir\.voidUnless/],
    ['no condition but a number', { wrong: 0 }, /voidUnless: wrong: expected a list of texts/],
    ['a threshold that would end the test', { wrong: [{ threshold: 'count==0', abortOnFail: true }] }, /wrong: expected a list of texts/],
    ['no comparison', { wrong: ['count'] }, /"count": expected a statistic/],
    ['a metric with a malformed tag', { 'wrong{why}': ['count==0'] }, /column 7: expected tag:value/],
  ] // biome-ignore format: one row a case
  for (const [title, given, message] of refused) it(`refuses ${title}`, () => assert.throws(() => read(given), message))
})

describe('options.ext.weir.better', () => {
  const readBetter = (better: unknown) =>
    readOptions({ ext: { weir: { better } } } as Raw, {}, ['default']).notes.better

  it('says which way metrics of the script are good', () => {
    assert.deepEqual(readBetter({ updates: 'higher', tries: 'lower' }), { updates: 'higher', tries: 'lower' })
    assert.equal(readBetter(undefined), undefined)
  })

  it('refuses what is neither', () => {
    assert.throws(() => readBetter({ updates: 'more' }), /better\.updates: expected "lower" or "higher", found "more"$/)
    assert.throws(() => readBetter('higher'), /options\.ext\.weir\.better/)
  })
})
