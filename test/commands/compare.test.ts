import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, mock, test } from 'node:test'
import { compare } from '../../harness/commands/compare.ts'
import { UserError } from '../../harness/errors.ts'
import { exitCodes } from '../../harness/exit-codes.ts'
import type { Run } from '../../harness/record/schema.ts'
import { createRun, writeRecord } from '../../harness/record/store.ts'
import { type PairsWanted, pairedRun, plan } from '../compare/paired-run.ts'
import { observe } from '../compare/run-builder.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-compare-'))
after(() => rmSync(root, { recursive: true }))

async function stored(run: Run): Promise<string> {
  const { dir } = await createRun(run.header, mkdtempSync(join(root, 'runs-')))
  for (const record of run.records) await writeRecord({ dir, header: run.header }, record)
  return dir
}

/** @returns the exit code, and what was printed */
async function judge(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' }
  const out = mock.method(console, 'log', (text: string) => void (printed.out += `${text}\n`))
  const err = mock.method(console, 'error', (text: string) => void (printed.err += `${text}\n`))
  try {
    return { code: await compare.run(args, new AbortController().signal), ...printed }
  } finally {
    out.mock.restore()
    err.mock.restore()
  }
}

const ended = { status: 'finished' } as const
const outcomes: [title: string, wanted: PairsWanted, code: number][] = [
  ['in which something regressed', { ratio: () => 1.05 }, exitCodes.failed],
  ['in which something improved', { ratio: () => 0.95 }, exitCodes.ok],
  ['of equals', {}, exitCodes.ok],
  ['that decided nothing', { ratio: (pair) => (pair % 2 ? 1.5 : 0.67) }, exitCodes.ok],
  ['whose budget was too short', { pairs: 6, planned: { ended: 'budget' } }, exitCodes.invalidMeasurement],
  ['of no valid pair', { pairs: 5, late: 5 }, exitCodes.invalidMeasurement],
  ['of too few valid pairs', { pairs: 12, late: 1 }, exitCodes.invalidMeasurement],
]
for (const [title, wanted, code] of outcomes) {
  test(`A comparison ${title} ends with ${code}`, async () => {
    const found = await judge('--from', await stored(pairedRun({ ...wanted, header: ended })))
    assert.equal(found.code, code)
    assert.match(found.out, /new against base: /)
    assert.equal(/^weir: invalid measurement: browse: /.test(found.err), code === exitCodes.invalidMeasurement)
  })
}

test('A regression is the exit code also where another metric could not be judged, which is told', async () => {
  const [cost] = plan.metrics
  const run = pairedRun({
    ratio: () => 1.05,
    pairs: 20,
    planned: { metrics: [cost!, { ...cost!, metric: 'http_req_duration p(99)' }] },
    more: (side) => [
      observe('http_req_duration p(50)', 1, { n: 360 }),
      ...(side === 'A' ? [observe('http_req_duration p(99)', 1, { n: 380 })] : []),
    ],
    header: ended,
  })
  const { code, err } = await judge('--from', await stored(run))
  assert.equal(code, exitCodes.failed)
  assert.match(err, /^weir: invalid measurement: browse: http_req_duration p\(99\): none of 20 pairs can be used/)
})

test('A reason that holds lines and colours of its own stays one line of weir', async () => {
  const run = pairedRun({ pairs: 5, late: 5, header: ended })
  for (const { invalid } of run.records) for (const each of invalid) each.message = 'late\n::error::pwn\u001b[31m'
  const { err } = await judge('--from', await stored(run))
  assert.match(err, /^weir: invalid measurement: browse: .*late ::error::pwn \[31m.*\n/)
  for (const line of err.trimEnd().split('\n')) assert.match(line, /^weir: /)
  assert.ok(!err.includes('\u001b'))
})

test('A run that was interrupted ends with 105 when it is judged again, too, whatever it found', async () => {
  const interrupted = { status: 'interrupted' } as const
  for (const ratio of [1, 1.05]) {
    const found = await judge('--from', await stored(pairedRun({ ratio: () => ratio, header: interrupted })))
    assert.equal(found.code, exitCodes.interrupted)
    assert.match(found.out, /new against base: /)
  }
})

test('A run that is going on, or was killed, is not judged', async () => {
  await refused(
    ['--from', await stored(pairedRun({ header: { status: 'running' } }))],
    /^run "[^"]+" has not ended: it is still going on, or was killed/,
  )
})

test('Verdicts that are taken from records again are the same bytes', async () => {
  const dir = await stored(pairedRun({ ratio: () => 1.05, header: ended }))
  const files = ['one.json', 'two.json'].map((name) => join(root, name))
  for (const file of files) await judge('--from', dir, '--json', file)
  const [one, two] = files.map((file) => readFileSync(file))
  assert.deepEqual(one, two)
  const { comparisons, validPairs, invalidPairs, seed } = JSON.parse(String(one))
  assert.equal(comparisons[0].verdict, 'regressed')
  assert.deepEqual([validPairs, invalidPairs, seed], [12, 0, 1])
})

const refused = async (args: string[], message: RegExp): Promise<void> => {
  await assert.rejects(judge(...args), (error) => {
    assert.ok(error instanceof UserError, String(error))
    assert.equal(error.exitCode, exitCodes.invalidConfig)
    assert.match(error.message, message)
    return true
  })
}

test('A metric that the target does not give is told with those there are', async () => {
  const metrics = [{ ...plan.metrics[0]!, metric: 'target_boot value' }]
  const dir = await stored(pairedRun({ planned: { metrics }, header: ended }))
  await refused(['--from', dir], /give no "target_boot value" under scenario "browse"\. There is: target_cpu_per_op$/)
})

test('Records of another machine, another way of sampling or another schema are refused, each in its own words', async () => {
  const machine = await stored(
    pairedRun({ record: (_, pair) => (pair === 3 ? { machine: 'other' } : {}), header: ended }),
  )
  await refused(['--from', machine], /was measured on machine other, its run on f .*never pooled/)
  const sampling = (pair: number) => ({ eventLoopSampling: pair === 3 ? 'iteration' : 'interval' }) as const
  const sampled = await stored(pairedRun({ record: (_, pair) => sampling(pair), header: ended }))
  await refused(['--from', sampled], /sampled by iteration, .* by interval: .*never compared/)
  const schema = await stored(pairedRun({ header: ended }))
  const file = join(schema, 'records', '003-browse-base.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), schema: 'weir.record/99' }))
  await refused(['--from', schema], /003-browse-base\.json has schema weir\.record\/99, this weir reads/)
})

test('A record that is damaged, or there by half, is refused and not passed over', async () => {
  const damaged = await stored(pairedRun({ header: ended }))
  const file = join(damaged, 'records', '003-browse-base.json')
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50))
  await refused(['--from', damaged], /003-browse-base\.json is not valid JSON/)
  const half = await stored(pairedRun({ header: ended }))
  writeFileSync(join(half, 'records', '.025-browse-new.json.77.tmp'), '{"schema":"weir.rec')
  await refused(['--from', half], /\.025-browse-new\.json\.77\.tmp: half a record/)
})

test('A run of a campaign is no comparison', async () => {
  const { header, records } = pairedRun({ header: ended })
  const { comparison, ...campaign } = header
  await refused(['--from', await stored({ header: campaign, records })], /is no comparison/)
})

test('A file that cannot be written is told before anything is measured or read', async () => {
  await refused(
    ['a', 'b', '--json', join(root, 'nowhere', 'x.json')],
    /^option --json: ".*x\.json" cannot be written: .*nowhere/,
  )
  await refused(['a', 'b', '--json', root], /^option --json: .* expected a file, and it is a folder$/)
  await refused(['a', 'b', '--json', ''], /^option --json: "" cannot be written: expected the name of a file$/)
})

test('What is asked beside --from is refused, since all comes from the records', async () => {
  await refused(
    ['old', 'new', '--from', 'x', '--seed', '1', '--metric', 'a value'],
    /--from cannot stand beside old, new, --seed, --metric: all/,
  )
  await refused(['--from', 'no-such-run'], /run "no-such-run" does not exist/)
})
