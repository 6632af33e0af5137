import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { goOnWith, readArguments } from '../../harness/commands/arguments.ts'

const read = (...args: string[]) =>
  readArguments(args, { 'generators|g': 'value', out: 'repeated', tag: 'list', quiet: 'flag' })

describe('a command line', () => {
  it('is told again, with what of it is still needed, to whoever is to go on with what was cut off', () => {
    const parsed = read('gate one', '--quiet', '--generators', '4', '--tag', 'x')
    assert.equal(
      goOnWith('weir gate', parsed, ['generators', 'quiet', 'missing']),
      "go on with: weir gate 'gate one' --generators 4 --quiet --resume",
    )
  })

  it('has negative numbers for values, which are for the option to refuse', () => {
    for (const args of [['--generators', '-1'], ['--generators=-1'], ['-g', '-1'], ['-g-1']])
      assert.throws(() => read(...args).count('generators', 1), {
        message: 'option --generators: expected a whole number of at least 1, found "-1"',
        exitCode: 104,
      })
    assert.deepEqual(read('--out', '-.5', '--out', '-2').repeated('out'), ['-.5', '-2'])
  })

  it('leaves alone what stands behind a flag, a value or the end of the options', () => {
    assert.throws(() => read('--quiet', '-1'), /option "-1" does not exist/)
    assert.throws(() => read('--out', 'file', '-1'), /option "-1" does not exist/)
    assert.deepEqual(read('--', '--generators', '-1').positionals, ['--generators', '-1'])
  })

  it('says which option has no value', () => {
    for (const args of [['--out', '--quiet'], ['--out'], ['-g', '--quiet'], ['-g']]) {
      const name = args[0] === '-g' ? 'generators' : 'out'
      assert.throws(
        () => read(...args),
        new RegExp(`^UserError: option --${name}: expected a value behind it, found none`),
      )
    }
  })

  it('may have an option whose value is left out', () => {
    const resume = (...args: string[]) => readArguments(args, { resume: 'optional', quiet: 'flag' })
    assert.equal(resume().value('resume'), undefined)
    for (const args of [
      ['main', '--resume'],
      ['main', '--resume', '--quiet'],
      ['--resume=', 'main'],
    ]) {
      assert.equal(resume(...args).value('resume'), '')
      assert.deepEqual(resume(...args).positionals, ['main'])
    }
    assert.equal(resume('main', '--resume', '2026-11-21').value('resume'), '2026-11-21')
  })
})
