import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLoadArguments } from '../../../harness/commands/load/arguments.ts'
import { readSummaryPlan } from '../../../harness/commands/load/summary.ts'

for (const [where, args, env, noColor] of [
  ['a terminal', [], { TERM: 'xterm' }, false],
  ['a terminal that understands no codes', [], { TERM: 'dumb' }, true],
  ['the log of CI', [], { TERM: 'xterm', CI: 'true' }, true],
  ['a terminal that is told it is not in CI', [], { TERM: 'xterm', CI: 'false' }, false],
  ['a terminal of somebody who wants no colours', [], { TERM: 'xterm', NO_COLOR: '1' }, true],
  ["a terminal of somebody who has said so by k6's variable", [], { TERM: 'xterm', K6_NO_COLOR: 'true' }, true],
  ['a terminal where it is an option', ['--no-color'], { TERM: 'xterm' }, true],
] as const) {
  test(`In ${where} a summary is ${noColor ? 'plain' : 'coloured'}`, () => {
    assert.equal(readSummaryPlan(readLoadArguments(['script.js', ...args]), env).noColor, noColor)
  })
}
