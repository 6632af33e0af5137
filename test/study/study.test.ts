import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { execa } from 'execa'

const study = (args: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, 'study.ts'), ...args], { reject: false })

describe('npm run study', () => {
  it('says what it can do when asked for nothing', async () => {
    const { exitCode, stdout } = await study([])
    assert.equal(exitCode, 0)
    for (const command of ['record', 'analyse', 'simulate']) assert.match(stdout, new RegExp(`study -- ${command}`))
  })

  for (const [title, args, message] of [
    [
      'a command that is not there',
      ['recrod'],
      /^study: there is no "recrod"\. Expected one of record, analyse, simulate/,
    ],
    ['two commands', ['analyse', 'simulate'], /^study: expected one of .*, found also: simulate/],
    ['an option that is not there', ['record', '--hours', '1'], /^study: .*--hours/],
    ['minutes that are no number', ['record', '--minutes', 'ten'], /^study: option --minutes: .*found "ten"/],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { exitCode, stderr, stdout } = await study([...args])
      assert.deepEqual([exitCode, stdout], [1, ''])
      assert.match(stderr, message)
    })
  }
})
