import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import {
  type ComparisonPlan,
  type RunHeader,
  recordSchema,
  runSchema,
  type TrialRecord,
} from '../../harness/record/schema.ts'
import {
  createRun,
  latestRun,
  readRun,
  readWholeRun,
  safeName,
  updateHeader,
  writeRecord,
} from '../../harness/record/store.ts'

const root = await mkdtemp(join(tmpdir(), 'weir-store-'))
after(() => rm(root, { recursive: true, force: true }))
const freshDir = () => mkdtemp(join(root, 'runs-'))

const header = (id = '2026-11-21T03-15-02-main'): RunHeader => ({
  schema: runSchema,
  id,
  campaign: 'main',
  question: 'Which is faster?',
  startedAt: '2026-11-21T03:15:02Z',
  finishedAt: null,
  status: 'running',
  seed: 1,
  quick: false,
  blocks: 3,
  baseline: 'optimized',
  variants: [{ name: 'optimized', description: '' }],
  scenarios: [{ name: 'turns', script: 'turns.ts', primary: 'http_reqs rate', description: '' }],
  environment: {
    fingerprint: 'f',
    cpu: 'c',
    cores: 2,
    memoryMB: 1,
    kernel: 'k',
    platform: 'linux',
    node: 'v24',
    weir: '0.1.0',
    limits: { openFiles: 1, listenBacklog: null, ephemeralPorts: null },
    governor: null,
    virtualised: null,
    instructionsCounted: false,
    git: null,
    ci: null,
  },
  warnings: [],
})

const record = (trial: number, change: Partial<TrialRecord> = {}): TrialRecord => ({
  schema: recordSchema,
  run: header().id,
  trial,
  key: { block: 1, pair: 1, side: 'A', position: 1 },
  variant: 'optimized',
  scenario: 'turns',
  engine: 'sessions',
  startedAt: '2026-11-21T03:15:03Z',
  durationS: 1,
  invalid: [],
  primary: 'http_reqs rate',
  phases: [],
  observations: [
    { metric: 'http_reqs', stat: 'rate', value: 250.125, unit: 'per second', better: 'higher', source: 'k6' },
  ],
  histograms: [],
  series: [{ metric: 'vus', stat: 'value', unit: 'count', source: 'k6', t: [0, 1], v: [1, null] }],
  thresholds: [],
  checks: [],
  drift: [],
  pinning: { target: null, rest: null, note: '' },
  notes: [],
  warnings: [],
  ...change,
})

const rejectsNaming = (promise: Promise<unknown>, ...parts: string[]) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof UserError, String(error))
    for (const part of parts) assert.ok(error.message.includes(part), `"${error.message}" should name "${part}"`)
    return true
  })

test('What is written is read back, with records in the order of trials', async () => {
  const run = await createRun(header(), await freshDir())
  const records = [12, 1, 1000, 2].map((trial) => record(trial))
  for (const each of records) await writeRecord(run, each)
  const read = await readRun(run.dir)
  assert.deepEqual(read.header, header())
  assert.deepEqual(
    read.records,
    [1, 2, 12, 1000].map((trial) => record(trial)),
  )
  assert.deepEqual((await readdir(run.dir)).sort(), ['logs', 'records', 'run.json'])
})

test('A record of the seventh trial is in records/007-turns-polling.json', async () => {
  const run = await createRun(header(), await freshDir())
  const file = await writeRecord(run, record(7, { variant: 'polling' }))
  assert.equal(file, join(run.dir, 'records', '007-turns-polling.json'))
  assert.deepEqual(await readdir(join(run.dir, 'records')), ['007-turns-polling.json'])
})

test('A variant may have any text for a name without leaving the records folder', async () => {
  const names = ['../../etc/passwd', 'a b\u0000c', '<script>', '', '日本', 'x'.repeat(500)]
  const variants = names.map((name) => ({ name, description: '' }))
  const run = await createRun({ ...header(), variants }, await freshDir())
  for (const [index, variant] of names.entries()) await writeRecord(run, record(index + 1, { variant }))
  const read = await readRun(run.dir)
  assert.deepEqual(
    read.records.map(({ variant }) => variant),
    names,
  )
  assert.equal((await readdir(join(run.dir, 'records'))).length, names.length)
})

const names: [string, string][] = [
  ['ten-thousand-sessions', 'ten-thousand-sessions'],
  ['node v24.1_x', 'node-v24.1_x'],
  ['../../x', 'x'],
  ['..', '_'],
  ['', '_'],
  ['a/b\\c', 'a-b-c'],
]
for (const [text, safe] of names) {
  test(`"${text}" is ${safe} in a file name`, () => assert.equal(safeName(text), safe))
}

test('An updated header replaces the old one and keeps what did not change', async () => {
  const run = await createRun(header(), await freshDir())
  await updateHeader(run, { warnings: ['few descriptors'] })
  await updateHeader(run, { status: 'finished', finishedAt: '2026-11-21T03:27:02Z' })
  const expected = {
    ...header(),
    warnings: ['few descriptors'],
    status: 'finished',
    finishedAt: '2026-11-21T03:27:02Z',
  }
  assert.deepEqual((await readRun(run.dir)).header, expected)
  assert.deepEqual(run.header, expected)
})

test('What a crash left half-written is passed over', async () => {
  const run = await createRun(header(), await freshDir())
  await writeRecord(run, record(1))
  await writeFile(join(run.dir, 'records', '.002-turns-polling.json.4242.tmp'), '{"schema":"weir.rec')
  await writeFile(join(run.dir, '.run.json.4242.tmp'), '{')
  const { records } = await readRun(run.dir)
  assert.deepEqual(
    records.map(({ trial }) => trial),
    [1],
  )
})

test('A process that is killed while it writes loses no record that it had written', async () => {
  const run = await createRun(header(), await freshDir())
  const store = new URL('../../harness/record/store.ts', import.meta.url).href
  const program = `
    import { writeRecord } from ${JSON.stringify(store)}
    const record = ${JSON.stringify(record(1))}
    for (let trial = 1; ; trial++) {
      await writeRecord(${JSON.stringify({ dir: run.dir, header: run.header })}, { ...record, trial, warnings: ['x'.repeat(1_000_000)] })
      console.log(trial)
    }`
  const writer = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(writer, 'close')
  let written = 0
  for await (const line of createInterface(writer.stdout)) {
    written = Number(line)
    if (written === 3) writer.kill('SIGKILL')
  }
  await closed
  const trials = (await readRun(run.dir)).records.map(({ trial }) => trial)
  assert.ok(written >= 3, 'the writer ended early')
  assert.deepEqual(
    trials.slice(0, written),
    Array.from({ length: written }, (_, index) => index + 1),
  )
})

test('Who reads while a record is written sees all of it or nothing', async () => {
  const run = await createRun(header(), await freshDir())
  let isWriting = true
  const writing = writeRecord(run, record(1, { warnings: ['x'.repeat(8_000_000)] })).finally(() => {
    isWriting = false
  })
  let reads = 0
  for (; isWriting; reads++) await readRun(run.dir)
  await writing
  assert.ok(reads > 0, 'nothing was read while the record was written')
  assert.equal((await readRun(run.dir)).records.length, 1)
})

test('Writing a record again replaces it', async () => {
  const run = await createRun(header(), await freshDir())
  await writeRecord(run, record(1))
  await writeRecord(run, record(1, { warnings: ['second'] }))
  const { records } = await readRun(run.dir)
  assert.deepEqual(
    records.map(({ warnings }) => warnings),
    [['second']],
  )
})

test('A second run of the same id is refused and the first is left as it is', async () => {
  const runsDir = await freshDir()
  const run = await createRun(header(), runsDir)
  await rejectsNaming(createRun({ ...header(), campaign: 'other' }, runsDir), run.dir, 'EEXIST')
  assert.equal((await readRun(run.dir)).header.campaign, 'main')
})

test('A folder without run.json is named', async () => {
  const dir = await freshDir()
  await rejectsNaming(readRun(dir), join(dir, 'run.json'), 'weir run')
})

const damaged: [what: string, text: string, expected: string[]][] = [
  ['that is cut off', '{"schema":', ['not valid JSON', 'damaged']],
  ['of a newer version', JSON.stringify({ ...record(1), schema: 'weir.record/2' }), ['weir.record/2', 'newer weir']],
  ['of another schema', JSON.stringify(header()), ['expected schema weir.record/1', 'weir.run/1']],
  ['without a schema', '{}', ['expected schema weir.record/1, found none']],
  ['that is no object', 'null', ['expected schema weir.record/1, found none']],
  ['without observations', JSON.stringify({ ...record(1), observations: undefined }), ['"observations"', 'array']],
  ['with a trial of the wrong type', JSON.stringify({ ...record(1), trial: '1' }), ['"trial"', 'number', 'string']],
  ['with an observation that is none', JSON.stringify({ ...record(1), observations: [null] }), ['"observations.0"']],
  [
    'with an observation without a number',
    JSON.stringify({ ...record(1), observations: [{ ...record(1).observations[0], value: '1' }] }),
    ['"observations.0.value"', 'number', 'string'],
  ],
  [
    'of a third side',
    JSON.stringify({ ...record(1), key: { ...record(1).key, side: 'C' } }),
    ['"key.side"', '"A"|"B"'],
  ],
  ['of a variant that the run has not', JSON.stringify(record(1, { variant: 'x' })), ['variant "x"', 'optimized']],
  ['of a scenario that the run has not', JSON.stringify(record(1, { scenario: 'x' })), ['scenario "x"', 'turns']],
  ['of another run', JSON.stringify({ ...record(1), run: 'other' }), ['"other"', header().id]],
]
for (const [what, text, expected] of damaged) {
  test(`A record ${what} is an error that names the file`, async () => {
    const run = await createRun(header(), await freshDir())
    const file = join(run.dir, 'records', '001-turns-optimized.json')
    await writeFile(file, text)
    await rejectsNaming(readRun(run.dir), file, ...expected)
  })
}

const planned: ComparisonPlan = {
  ...{ variant: 'optimized', against: 'base', alpha: 0.003, looks: [10, 20], budgetMs: 1000 },
  ...{ mode: 'trials' as const, ended: 'decided' as const },
  metrics: [{ scenario: 'turns', metric: 'http_reqs rate', margins: { change: 0.01, equivalence: 0.03 } }],
}
const comparing = (change: object) => ({ ...header(), comparison: { ...planned, ...change } })
const gated = (change: object) => ({ ...header(), gate: { name: 'pr', limits: [], power: null, ...change } })
const damagedHeaders: [what: string, header: object, expected: string[]][] = [
  ['without looks', comparing({ looks: undefined }), ['"comparison.looks"', 'array', 'undefined']],
  ['with no look', comparing({ looks: [] }), ['"comparison.looks"']],
  ['with a look that is no number', comparing({ looks: ['a'] }), ['"comparison.looks.0"', 'number']],
  ['with looks out of order', comparing({ looks: [20, 10] }), ['"comparison.looks"', 'ascending']],
  ['with an error that is no number', comparing({ alpha: 'x' }), ['"comparison.alpha"', 'number']],
  ['without gate metrics', comparing({ metrics: [] }), ['"comparison.metrics"']],
  [
    'without margins',
    comparing({ metrics: [{ ...planned.metrics[0], margins: undefined }] }),
    ['"comparison.metrics.0.margins"'],
  ],
  ['without a seed', { ...header(), seed: undefined }, ['"seed"', 'number']],
  ['with a limit that is none', gated({ limits: [{ scenario: 'turns' }] }), ['"gate.limits.0.metric"']],
]
for (const [what, damage, expected] of damagedHeaders)
  test(`A header ${what} is an error that names the file and the key`, async () => {
    const run = await createRun(header(), await freshDir())
    const file = join(run.dir, 'run.json')
    await writeFile(file, JSON.stringify(damage))
    await rejectsNaming(readRun(run.dir), file, ...expected)
  })

test('In a comparison a variant on the side of the other is refused', async () => {
  const variants = ['base', 'optimized'].map((name) => ({ name, description: '' }))
  const run = await createRun({ ...header(), variants, comparison: planned }, await freshDir())
  await writeRecord(run, record(1, { variant: 'base' }))
  await readRun(run.dir)
  const file = await writeRecord(run, record(2))
  await rejectsNaming(readRun(run.dir), file, 'variant "optimized" on side A', 'compares "base" there')
})

test('A number whose unit differs from record to record is refused', async () => {
  const run = await createRun(header(), await freshDir())
  const first = await writeRecord(run, record(1))
  const file = await writeRecord(run, record(2, { observations: [{ ...record(2).observations[0]!, unit: 'ms' }] }))
  await rejectsNaming(readRun(run.dir), file, first, 'turns: http_reqs rate', '"ms"', '"per second"')
})

test('A header of a newer version is an error that names the file', async () => {
  const run = await createRun(header(), await freshDir())
  await writeFile(join(run.dir, 'run.json'), JSON.stringify({ ...header(), schema: 'weir.run/7' }))
  await rejectsNaming(readRun(run.dir), join(run.dir, 'run.json'), 'weir.run/7', 'newer weir')
})

test('The latest run is the last by time, whatever else lies in the folder', async () => {
  const runsDir = await freshDir()
  const latest = await createRun(header('2026-11-21T03-15-02-main'), runsDir)
  await createRun(header('2026-11-20T23-00-00-main'), runsDir)
  await mkdir(join(runsDir, '2027-01-01T00-00-00-empty'))
  await copyFile(join(latest.dir, 'run.json'), join(runsDir, 'zzz.json'))
  assert.equal(await latestRun(runsDir), latest.dir)
})

test('The latest run of a kind is the last that is one', async () => {
  const runsDir = await freshDir()
  const quick = await createRun({ ...header('2026-11-20T23-00-00-main'), quick: true }, runsDir)
  await createRun(header('2026-11-21T03-15-02-main'), runsDir)
  assert.equal(
    await latestRun(runsDir, { kind: 'quick run', command: 'weir run --quick', isOne: (each) => each.quick }),
    quick.dir,
  )
  await rejectsNaming(
    latestRun(runsDir, { kind: 'gate', command: 'weir gate', isOne: ({ gate }) => gate !== undefined }),
    'no gate',
    runsDir,
    'weir gate',
  )
})

test('Without any run the latest is an error that says how to make one', async () => {
  await rejectsNaming(latestRun(join(root, 'nowhere')), join(root, 'nowhere'), 'weir run')
  await rejectsNaming(latestRun(await freshDir()), 'no run')
})

test('Who draws conclusions is told of half a record, unless its trial was run again', async () => {
  const run = await createRun(header(), await freshDir())
  await writeRecord(run, record(1))
  const half = join(run.dir, 'records', '.002-turns-optimized.json.4242.tmp')
  await writeFile(half, '{"schema":"weir.rec')
  await rejectsNaming(readWholeRun(run.dir), half, 'half a record', 'Resume the run')
  await writeRecord(run, record(2))
  assert.equal((await readWholeRun(run.dir)).records.length, 2)
})

test('A record of another machine is refused, whatever run it says it is of', async () => {
  const run = await createRun(header(), await freshDir())
  await writeRecord(run, record(1, { machine: 'f' }))
  await readRun(run.dir)
  const file = await writeRecord(run, record(2, { machine: 'e' }))
  await rejectsNaming(readRun(run.dir), file, 'measured on machine e', 'never pooled')
})

test('Records whose event-loop delays were sampled in different ways are refused; those without any are not', async () => {
  const run = await createRun(header(), await freshDir())
  await writeRecord(run, record(1, { eventLoopSampling: 'interval' }))
  await writeRecord(run, record(2, { eventLoopSampling: null }))
  await writeRecord(run, record(3))
  await readRun(run.dir)
  const file = await writeRecord(run, record(4, { eventLoopSampling: 'iteration' }))
  await rejectsNaming(readRun(run.dir), file, 'sampled by iteration', 'never compared')
})
