import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { valuesOf } from '../../harness/compare/run-values.ts'
import { UserError } from '../../harness/errors.ts'
import { baselineFile, readBaseline, writeBaseline } from '../../harness/record/baseline.ts'
import { goldenRun } from '../support/records.ts'

const stateDir = await mkdtemp(join(tmpdir(), 'weir-baseline-'))
after(() => rm(stateDir, { recursive: true, force: true }))

const values = valuesOf(goldenRun({ samples: 400 }))

test('A baseline is read back as it was written, and one of the same name replaces it', async () => {
  const file = baselineFile(stateDir, 'main')
  await writeBaseline(file, { ...values, run: 'first' })
  await writeBaseline(file, values)
  assert.deepEqual(await readBaseline(file), values)
  assert.deepEqual(await readdir(dirname(file)), ['main.json'])
})

test('Any name gives a file in the folder of baselines', () => {
  assert.equal(baselineFile('/s', '../../etc/passwd'), '/s/baselines/etc-passwd.json')
})

test('A baseline that does not exist is an error that names those that do', async () => {
  await writeBaseline(baselineFile(stateDir, 'release'), values)
  await assert.rejects(readBaseline(baselineFile(stateDir, 'relaese')), (error: UserError) => {
    assert.match(error.message, /relaese\.json does not exist\. There are: .*release\.json.*weir baseline save/)
    return error instanceof UserError
  })
})

const damaged: [title: string, text: string, message: RegExp][] = [
  ['cut off', JSON.stringify({ schema: 'weir.baseline/1', ...values }).slice(0, 300), /is not valid JSON/],
  ['of a newer version', JSON.stringify({ schema: 'weir.baseline/2' }), /schema weir\.baseline\/2.*newer weir/],
  [
    'of another kind',
    JSON.stringify({ schema: 'weir.run/1' }),
    /expected schema weir\.baseline\/1, found "weir\.run\/1"/,
  ],
  ['no object', 'null', /expected schema weir\.baseline\/1, found none/],
  [
    'changed by hand',
    JSON.stringify({ schema: 'weir.baseline/1', ...values, numbers: [{ ...values.numbers[0], values: ['fast'] }] }),
    /key "numbers\.0\.values\.0".*changed by hand/,
  ],
]
for (const [title, text, message] of damaged) {
  test(`A baseline that is ${title} is an error that names the file`, async () => {
    const file = join(stateDir, 'damaged.json')
    await writeFile(file, text)
    await assert.rejects(readBaseline(file), (error: UserError) => {
      assert.ok(error instanceof UserError && error.message.includes(file))
      assert.match(error.message, message)
      return true
    })
  })
}
