import assert from 'node:assert/strict'
import { test } from 'node:test'
import { helpOf, typeset } from '../../harness/commands/help-text.ts'
import { allCommands } from '../../harness/commands/table.ts'

const words = (text: string): string => text.replace(/\s+/g, ' ').trim()

for (const [name, command] of await allCommands())
  test(`The help of weir ${name} fits 80 columns, and says all that there is to say`, () => {
    const shown = helpOf(name, command)
    for (const line of shown.split('\n')) assert.ok(line.length <= 80, line)
    assert.equal(words(shown), words(`weir ${name} ${command.synopsis} ${command.purpose} ${command.help}`))
  })

test('Descriptions stay in their column, lists in theirs, and paragraphs are set anew', () => {
  const source = `  <run>      folders, or their names; the latest run unless given. Several are shown as a trend: numbers
             from run to run
      --format NAMES  several:
                      html  a page
                      csv   every figure
                      unless given: html
      --an-option-that-is-longer-than-any-other VALUE  why it is there

Records, logs and the report are written after every trial and block; of claims
also a file.
Exit codes: 0.`
  assert.equal(
    typeset(source),
    `  <run>      folders, or their names; the latest run unless given. Several are
             shown as a trend: numbers from run to run
      --format NAMES  several:
                      html  a page
                      csv   every figure
                      unless given: html
      --an-option-that-is-longer-than-any-other VALUE
                              why it is there

Records, logs and the report are written after every trial and block; of claims
also a file.
Exit codes: 0.`,
  )
})
