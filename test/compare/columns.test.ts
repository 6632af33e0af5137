import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Column, clip, layOut, plain, wrap } from '../../harness/compare/columns.ts'

const columns: Column[] = [
  { title: 'name', align: 'left', minWidth: 4, cells: ['optimized', 'x'] },
  { title: 'value', align: 'right', cells: ['1', '1000'] },
  { title: 'empty', align: 'right', cells: ['', ''] },
  { title: 'first to go', align: 'left', expendable: 2, cells: ['a', 'b'] },
  { title: 'next', align: 'left', expendable: 1, cells: ['c', ''] },
]

test('Columns are aligned, without trailing spaces and without the columns that have no text', () => {
  assert.deepEqual(layOut(columns, 80), [
    '  name       value  first to go  next',
    '  optimized      1  a            c',
    '  x           1000  b',
  ])
})

test('To fit, text is shortened first, then columns are left out', () => {
  assert.deepEqual(layOut(columns, 35), [
    '  name     value  first to go  next',
    '  opt…zed      1  a            c',
    '  x         1000  b',
  ])
  assert.deepEqual(layOut(columns, 21), ['  name    value  next', '  opt…ed      1  c', '  x        1000'])
  assert.deepEqual(layOut(columns, 14), ['  name   value', '  op…ed      1', '  x       1000'])
})

test('A colour does not count as width', () => {
  const paint = (text: string, row: number) => `<${row}>${text}</>`
  assert.deepEqual(layOut([{ title: 'ab', align: 'right', cells: ['1', '22'], paint }, columns[1]!], 80), [
    '  ab  value',
    '  <0> 1</>      1',
    '  <1>22</>   1000',
  ])
})

test('No columns are no lines but an empty title', () => assert.deepEqual(layOut([], 80), ['']))

test('Clipped text is exactly as wide as asked for', () => {
  assert.equal(clip('12345', 5), '12345')
  assert.equal(clip('123456', 5), '1234…')
})

test('A long text is wrapped at words, and a word that is longer than a line is clipped', () => {
  assert.deepEqual(wrap('polling, block 2: the server died', 20), ['  polling, block 2:', '    the server died'])
  assert.deepEqual(wrap('a 12345678901 b', 10), ['  a', '    12345…', '    b'])
  assert.deepEqual(wrap('short', 80), ['  short'])
})

test('Control characters and line breaks of a name do not reach the terminal', () => {
  assert.equal(plain(' a\u001b[31mb\r\n\u202ec\u2066\u0007 '), 'a [31mb c')
})
