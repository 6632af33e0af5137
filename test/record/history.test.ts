import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import { appendToHistory, readHistory } from '../../harness/record/history.ts'
import { historyOf, numberOf } from '../support/run-values.ts'

const root = await mkdtemp(join(tmpdir(), 'weir-history-'))
after(() => rm(root, { recursive: true, force: true }))

const [first, second] = historyOf(2, (day) => [numberOf([day, day + 1])])
let file = ''
beforeEach(async () => {
  file = join(await mkdtemp(join(root, 'h-')), 'kept', 'history.jsonl')
})

test('Lines are added one behind the other and read back as they were', async () => {
  assert.deepEqual(await appendToHistory(file, first!), [first])
  assert.deepEqual(await appendToHistory(file, second!), [first, second])
  assert.deepEqual(await readHistory(file), [first, second])
  assert.match(await readFile(file, 'utf8'), /^\{.*\}\n\{.*\}\n$/)
})

test('A run is in a history once: adding it again is refused and changes nothing', async () => {
  await appendToHistory(file, first!)
  const before = await readFile(file, 'utf8')
  await assert.rejects(appendToHistory(file, first!), /run "run-01" is in .*history\.jsonl already \(line 1\)/)
  assert.equal(await readFile(file, 'utf8'), before)
})

test('A last line that was cut off is an error that names it, for readers and writers, and is not written behind', async () => {
  await appendToHistory(file, first!)
  await appendFile(file, JSON.stringify(second).slice(0, 40))
  const before = await readFile(file, 'utf8')
  const isNamed = (error: UserError) => {
    assert.ok(error instanceof UserError)
    assert.match(error.message, /history\.jsonl, line 2: the line is cut off.*Delete it, and add its run again/)
    return true
  }
  await assert.rejects(readHistory(file), isNamed)
  await assert.rejects(appendToHistory(file, second!), isNamed)
  assert.equal(await readFile(file, 'utf8'), before)
})

test('A whole last line without a line feed, as an editor leaves it, is read and written behind', async () => {
  await appendToHistory(file, first!)
  await writeFile(file, (await readFile(file, 'utf8')).trimEnd())
  assert.deepEqual(await readHistory(file), [first])
  await appendToHistory(file, second!)
  assert.deepEqual(await readHistory(file), [first, second])
})

const damaged: [title: string, line: string, message: RegExp][] = [
  ['damaged', '{"schema":', /history\.jsonl, line 2 is not valid JSON/],
  ['of a newer version', '{"schema":"weir.history/2"}', /line 2 has schema weir\.history\/2.*newer weir/],
  ['of another kind', '{"schema":"weir.run/1"}', /line 2: expected schema weir\.history\/1, found "weir\.run\/1"/],
  ['empty', '', /line 2 is not valid JSON/],
]
for (const [title, line, message] of damaged) {
  test(`A line in the middle that is ${title} is an error that names file and line`, async () => {
    await appendToHistory(file, first!)
    await appendFile(file, `${line}\n`)
    await appendFile(file, await readFile(file, 'utf8'))
    await assert.rejects(readHistory(file), message)
  })
}

test('A history that is not there yet is an error that says how to begin one', async () => {
  await assert.rejects(readHistory(file), /there is no history at .* Begin one with `weir history --add`/)
})
