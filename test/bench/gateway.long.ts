import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const bench = join(import.meta.dirname, 'gateway.ts')

const run = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bench, ...args], { encoding: 'utf8', timeout: 300_000, cwd: join(bench, '../../..') })

/** What a part prints, when nothing went wrong. */
function print(...args: string[]): string {
  const { status, stdout, stderr } = run('--seconds', '0.5', '--rounds', '1', ...args)
  assert.equal(stderr, '')
  assert.equal(status, 0)
  assert.match(
    stdout,
    /^\d+ cores \(.*\), Node v\d+\.\d+\.\d+; gateway on core \S+, services and generator on core \S+/,
  )
  return stdout
}

/** A line of the table of figures: name, number, perhaps what it shall be and whether it is. */
const figure = (what: string, target = ''): RegExp =>
  new RegExp(`^ +${what} +-?[\\d.]+${target === '' ? '' : ` +${target} +(met|missed)`}$`, 'm')

describe('The bench of the gateway', () => {
  test('prints how soon the gateway is ready, and how many turns it answers.', () => {
    const stdout = print('--only', 'boot,turns', '--users', '20')
    assert.match(stdout, figure('boot, ms', 'at most 600'))
    assert.match(stdout, figure('turns, per second', 'at least 3000'))
    assert.match(stdout, figure('gateway: its core ran others, of the time'))
  })

  test('prints what it adds to a token, how often a stream brings something, and how soon a call is given up.', () => {
    const stdout = print('--only', 'tokens,streams,interrupts')
    assert.match(stdout, figure('added by the gateway, p99, ms', 'at most 5'))
    assert.match(stdout, figure('updates of a session, median, per second', 'at least 100'))
    assert.match(stdout, figure('interrupt to abort, p99, ms', 'at most 20'))
  })

  test('prints what sessions cost, none of which fails.', () => {
    const stdout = print('--only', 'sessions', '--sessions', '100')
    assert.match(stdout, /^ +open at the end +100 +at least 100 +met$/m)
    assert.match(stdout, /^ +turns failed +0 +at most 0 +met$/m)
    assert.match(stdout, figure('memory of an idle one, KB', 'at most 20'))
    assert.ok(Number(/^ +turns answered +(\d+)$/m.exec(stdout)?.[1]) > 0)
  })
})

for (const [args, said] of [
  [['--second', '1'], /--second\b[\s\S]*--seconds N/],
  [['--only', 'everything'], /--only: there is no part "everything"; there are boot, turns, /],
  [['--rounds', '1.5'], /--rounds: expected a whole number, found "1.5"/],
] as const)
  test(`Options that cannot be understood are refused with those that can: ${args.join(' ')}.`, () => {
    const { status, stdout, stderr } = run(...args)
    assert.equal(status, 1)
    assert.equal(stdout, '')
    assert.match(stderr, said)
  })
