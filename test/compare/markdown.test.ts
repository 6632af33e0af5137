import assert from 'node:assert/strict'
import { test } from 'node:test'
import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'

const kept = [
  'better under both scenarios (-36.2%, +1.5%); 12 of 24. Stopped early: block 1',
  'turn–time ÷ 2 × a’b “c”…',
  'http/2, a=b, 2026-11-21 03:15, why?',
]
for (const text of kept)
  test(`A text without markup can be read in the source, too: ${text}`, () => {
    assert.equal(inert(text), text)
  })

const marks: [text: string, what: string][] = [
  ['*a* _b_ ~c~ `d`', 'emphasis, code'],
  ['[a](b) ![c](d) <e>', 'links, images, tags'],
  ['@all #1 a#2', 'mentions and issues'],
  ['https://a.example www.a.example', 'addresses'],
  [':tada:', 'emoji'],
  ['a|b\\', 'cells of tables'],
  ['$x$ &amp;', 'formulas and references'],
]
for (const [text, what] of marks)
  test(`No ${what} come out of a text`, () => {
    for (const written of [inert(text), code(text).slice('<code>'.length, -'</code>'.length)]) {
      assert.doesNotMatch(written.replaceAll(/&#\d+;/g, ''), /[*_~`[\]!<>@#|\\$&]|:\/|:t|www\.|\.e/)
      const shown = written.replaceAll(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))
      assert.equal(shown, text)
    }
  })

test('A line stays a line, without control characters', () => {
  assert.equal(inert('a\n## b\u0007\u202ec'), 'a &#35;&#35; b c')
  assert.equal(code(' a\r\nb\u{1b}[0m '), '<code>a b &#91;0m</code>')
})

test('A table has a rule below its titles, and is nothing without rows', () => {
  assert.equal(markdownTable(['a', 'b'], '-r', [['1', '2']]), ['| a | b |', '| --- | ---: |', '| 1 | 2 |'].join('\n'))
  assert.equal(markdownTable(['a'], '-', []), '')
})
