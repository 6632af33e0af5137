import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf, cut, fitting, fold, harmless } from '../../../harness/commands/live/cells.ts'

test('A text takes a cell for each letter, two for each wide one and none for accents set on top', () => {
  for (const [text, cells] of [
    ['turns', 5],
    ['▁▂▃█░…', 6],
    ['e\u0301', 1],
    ['基準', 4],
    ['🚀 fast', 7],
    ['', 0],
  ] as const)
    assert.equal(cellsOf(text), cells, text)
})

test('What is cut says so, and never takes more cells than there are', () => {
  assert.equal(cut('optimized', 9), 'optimized')
  assert.equal(cut('optimized', 6), 'optim…')
  assert.equal(cut('基準基準', 6), '基準…')
  assert.equal(cut('optimized', 0), '')
})

test('Of several wordings the first that fits is taken, of the last as much as does', () => {
  const wordings = ['event-loop delay 1 ms', 'loop 1 ms']
  assert.deepEqual([21, 20, 9, 5].map((cells) => fitting(wordings, cells)), [...wordings, 'loop 1 ms', 'loop…'])
  assert.equal(fitting([], 5), '')
}) // biome-ignore format: one list

test('A line that is too long goes on indented, broken between words, and nothing of it is lost', () => {
  assert.deepEqual(fold('  look at 12 pairs: regressed', 16), ['  look at 12', '    pairs:', '    regressed'])
  assert.deepEqual(fold('abcdefghijkl', 5), ['abcde', '  fgh', '  ijk', '  l'])
  assert.deepEqual(fold('one two', 3), ['one', ' tw', ' o'])
  const text = 'turn_intended_duration{scenario:paced} p(50) = 12.35 ms'
  for (let cells = 1; cells < 60; cells++) {
    const lines = fold(text, cells)
    assert.ok(lines.every((line) => cellsOf(line) <= cells), `${cells} cells`)
    assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
  }
}) // biome-ignore format: one row a case

test('What a process said last cannot move the cursor, colour anything or ring the bell', () => {
  assert.equal(
    harmless('\x1b[31mError\x1b[0m:\t\x07no\x1b]0;title\x07 \x1b[2Jpo\u202ert\r\nnext'),
    'Error:  no port\nnext',
  )
})
