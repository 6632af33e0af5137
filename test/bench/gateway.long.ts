import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { figure, PrintingBench } from './printed.ts'

const bench = new PrintingBench('gateway', 0.5, /gateway on core \S+, services and generator on core \S+/)

describe('The bench of the gateway', () => {
  test('prints how soon the gateway is ready, and how many turns it answers.', () => {
    const stdout = bench.print('--only', 'boot,turns', '--users', '20')
    assert.match(stdout, figure('boot, ms', 'at most 600'))
    assert.match(stdout, figure('turns, per second', 'at least 3000'))
    assert.match(stdout, figure('gateway: its main thread waited, of the time'))
  })

  test('prints what it adds to a token, how often a stream brings something, and how soon a call is given up.', () => {
    const stdout = bench.print('--only', 'tokens,streams,interrupts')
    assert.match(stdout, figure('added by the gateway, p99, ms', 'at most 5'))
    assert.match(stdout, figure('updates of a session, median, per second', 'at least 100'))
    assert.match(stdout, figure('interrupt to abort, p99, ms', 'at most 20'))
  })

  test('prints what sessions cost, none of which fails.', () => {
    const stdout = bench.print('--only', 'sessions', '--sessions', '100')
    assert.match(stdout, /^ +open at the end +100 +at least 100 +met$/m)
    assert.match(stdout, /^ +turns failed, or unanswered for 5 s +0 +at most 0 +met$/m)
    assert.match(stdout, figure('memory of an idle one, KB', 'at most 20'))
    assert.ok(Number(/^ +turns answered +(\d+)$/m.exec(stdout)?.[1]) > 0)
  })
})

bench.refuses([
  [['--second', '1'], /--second\b[\s\S]*--seconds N/],
  [['--only', 'everything'], /--only: there is no part "everything"; there are boot, turns, /],
  [['--rounds', '1.5'], /--rounds: expected a whole number, found "1.5"/],
])
