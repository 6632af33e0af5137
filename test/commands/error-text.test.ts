import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorText } from '../../harness/commands/error-text.ts'

const texts: [what: string, message: string, printed: string][] = [
  ['one line', 'no "x"', 'weir: no "x"'],
  ['several lines', 'c.ts: a\n  b', 'weir: c.ts: a\nweir:   b'],
  ['a line that would be a command to a build', 'died\n::error::x', 'weir: died\nweir: ::error::x'],
  ['a line that begins with a return', 'died\r::error::x', 'weir: died\nweir: ::error::x'],
  ['colours', 'a\u001b[31mred\tb', 'weir: a [31mred b'],
]
for (const [what, message, printed] of texts)
  test(`A message with ${what} is printed with its owner in front of each line`, () =>
    assert.equal(errorText(message), printed))
