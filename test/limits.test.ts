import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../harness/errors.ts'
import { exitCodes } from '../harness/exit-codes.ts'
import { assertEnoughDescriptors, openFilesLimit } from '../harness/limits.ts'

test('Too few descriptors are refused with how many are needed, how many there are, and the command that raises them', () => {
  assert.throws(() => assertEnoughDescriptors(10_000, 'the 10000 sessions of scenario "s"', 4096), {
    name: 'UserError',
    exitCode: exitCodes.invalidConfig,
    message:
      'too few file descriptors: the 10000 sessions of scenario "s" need 10200, this shell allows 4096. Raise the limit with: ulimit -n 10200   (if that is refused, as root: prlimit --pid $$ --nofile=10200:10200)',
  })
})

test('A limit that is just enough is taken, one less is not', () => {
  assert.doesNotThrow(() => assertEnoughDescriptors(800, 'users', 1000))
  assert.throws(() => assertEnoughDescriptors(801, 'users', 1000), UserError)
})

test('Without a limit any number is taken', () => {
  assert.doesNotThrow(() => assertEnoughDescriptors(1e9, 'users', Number.POSITIVE_INFINITY))
})

test("This process's limit is a positive number", () => {
  assert.ok(openFilesLimit() > 0)
})
