import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isolated } from '../../reports/bidi.ts'

test('A text that is drawn is kept apart where it is read from right to left, and only there', () => {
  assert.deepEqual(['שלום', 'مرحبا', 'a\u202eb', 'polling', '43.1 ms'].map(isolated), [
    '\u2068שלום\u2069',
    '\u2068مرحبا\u2069',
    '\u2068a\u202eb\u2069',
    'polling',
    '43.1 ms',
  ])
})
