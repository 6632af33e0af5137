import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { execa } from 'execa'
import { readArguments } from '../../harness/commands/arguments.ts'
import { comparisonRequest } from '../../harness/commands/compare/ask.ts'
import { gateOptions, readAsk } from '../../harness/commands/gate/arguments.ts'
import { warnOfPower } from '../../harness/commands/gate/power.ts'
import { gate } from '../../harness/commands/gate.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'
import { addNoise } from '../../harness/record/noise.ts'
import type { Run } from '../../harness/record/schema.ts'
import { createRun, writeRecord } from '../../harness/record/store.ts'
import { type GatedPairs, gatedRun, metric, openMargins, p95 } from '../gate/gated-run.ts'
import { storeRun } from '../support/stored-run.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-gate-'))
after(() => rmSync(dir, { recursive: true }))
const cli = join(import.meta.dirname, '..', '..', 'harness', 'cli.ts')

/** The folder of a run that was measured before. */
async function stored({ header, records }: Run): Promise<string> {
  const run = await createRun(header, mkdtempSync(join(dir, 'runs-')))
  for (const record of records) await writeRecord(run, record)
  return run.dir
}

/** Judges a run again, as a process of its own. */
async function judge(pairs: GatedPairs, args: string[] = [], env: Record<string, string> = {}) {
  const from = await stored(gatedRun(pairs))
  return await execa(process.execPath, [cli, 'gate', '--from', from, ...args], {
    cwd: dir,
    env: { GITHUB_STEP_SUMMARY: '', ...env },
    reject: false,
  })
}

const ends: [what: string, pairs: GatedPairs, args: string[], exitCode: number, printed: RegExp][] = [
  ['alike', {}, [], 0, /\npassed \(exit code 0\)/],
  ['worse', { ratio: 1.1, latencyMs: 300 }, [], 1, /\nregressed \(exit code 1\)/],
  ['over a limit', { latencyMs: 300 }, [], 99, /\nlimit crossed \(exit code 99\)/],
  ['undecided, strictly', { planned: openMargins }, ['--strict'], 3, /\ninconclusive \(exit code 3\)/],
  [
    'hardly measured, since the budget is short,',
    { pairs: 9, planned: { ended: 'budget' } },
    [],
    4,
    /\ninvalid \(exit code 4\)/,
  ],
  ['not valid', { pairs: 3, late: 3 }, [], 4, /\ninvalid \(exit code 4\)/],
]
test('A gate metric that neither side gave is a mistake of who asked, again from records as it is live', async () => {
  const other = { ...openMargins.metrics![0]!, metric: 'target_cpu_per_op{phase:other} value' }
  const ended = await judge({ planned: { metrics: [other] } })
  assert.match(ended.stderr, /give no "target_cpu_per_op\{phase:other\} value" under scenario "browse"/)
  assert.equal(ended.exitCode, 104)
})

for (const [what, pairs, args, exitCode, printed] of ends)
  test(`A gate whose head is ${what} ends with ${exitCode}`, async () => {
    const ended = await judge(pairs, args)
    assert.match(ended.stdout, printed)
    assert.equal(ended.exitCode, exitCode, ended.stderr)
  })

test('A run that is going on, or was killed, is not judged; one that was interrupted ends as such', async () => {
  const running = await judge({ change: { status: 'running' } })
  assert.equal(running.exitCode, 104)
  assert.match(running.stderr, /^weir: run "[^"]+" has not ended: it is still going on, or was killed/)
  assert.equal((await judge({ change: { status: 'interrupted' } })).exitCode, 105)
})

test('A limit on what no trial has is a wrong configuration', async () => {
  const { exitCode, stderr } = await judge({ limits: [{ ...p95, metric: 'latency' }] })
  assert.equal(exitCode, 104)
  assert.match(stderr, /^weir: scenario "browse": limit "p\(95\)<250" is on latency p\(95\), which no trial has/)
})

test('Every format is written where it is asked for, and the summary of a job is appended to', async () => {
  const summary = join(dir, 'summary.md')
  writeFileSync(summary, 'what was there before\n')
  const files = { junit: 'a.xml', markdown: 'b.md', comment: 'c.md', json: 'd.json', 'benchmark-json': 'e.json' }
  const args = Object.entries(files).flatMap(([option, file]) => [`--${option}`, file])
  const { exitCode } = await judge({}, args, { GITHUB_STEP_SUMMARY: summary })
  assert.equal(exitCode, 0)
  const read = (file: string) => readFileSync(join(dir, file), 'utf8')
  assert.match(read('a.xml'), /^<\?xml/)
  assert.match(read('b.md'), /^### Gate/)
  assert.equal(read('c.md'), `<!-- weir-gate:pr -->\n${read('b.md')}`)
  assert.equal(JSON.parse(read('d.json')).outcome, 'passed')
  assert.equal(JSON.parse(read('e.json')).length, 2)
  assert.equal(readFileSync(summary, 'utf8'), `what was there before\n${read('b.md')}\n`)
})

test('Numbers that an earlier run left for github-action-benchmark do not stay where this one has none', async () => {
  const files = ['old.json', 'old.bigger.json'].map((name) => join(dir, name))
  for (const file of files) writeFileSync(file, '[]')
  await judge({ pairs: 3, late: 3, limits: [] }, ['--benchmark-json', 'old.json'])
  assert.deepEqual(files.filter(existsSync), [])
})

test('A summary of a job that cannot be written is said, and the outcome stays what it is', async () => {
  const { exitCode, stderr } = await judge({}, [], { GITHUB_STEP_SUMMARY: join(dir, 'nowhere', 'summary.md') })
  assert.match(stderr, /^weir: warning: GITHUB_STEP_SUMMARY: ".*summary\.md" could not be written: ENOENT/)
  assert.equal(exitCode, 0)
})

test('The same records give the same bytes', async () => {
  const from = await stored(gatedRun({ ratio: 1.02 }))
  const judged = async (file: string) => {
    await execa(process.execPath, [cli, 'gate', '--from', from, '--json', file], { cwd: dir, reject: false })
    return readFileSync(join(dir, file))
  }
  assert.deepEqual(await judged('first.json'), await judged('second.json'))
})

const config: LoadedConfig = {
  ...checkConfig(
    {
      variants: {
        a: { command: ['server', '{port}'], ready: { http: '/ready' } },
        b: { command: ['server', '{port}'], ready: { http: '/ready' } },
      },
      scenarios: { load: { script: 'load.js' }, other: { script: 'load.js' } },
      campaigns: {},
      gates: {
        pr: {
          base: 'a@../base',
          head: 'a',
          budget: '5m',
          power: { effect: 0.05, atLeast: 0.95 },
          scenarios: {
            load: {
              metrics: ['iterations rate', { metric: 'target_boot value', change: 0 }],
              limits: { http_req_duration: ['p(95)<250', 'p(99)<500'], checks: ['rate>0.99'] },
            },
            other: {},
          },
        },
      },
    },
    'c',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
}

const ask = (...args: string[]) => readAsk(config, readArguments(args, gateOptions))

test('What the config says of a gate is what is asked, with the usual margins where it gives none', async () => {
  const { against, variant, scenarios, metrics, budgetMs, gate: plan } = await ask()
  assert.deepEqual([against, variant, scenarios, budgetMs], ['a@../base', 'a', ['load', 'other'], 300_000])
  assert.deepEqual(
    [...metrics],
    [
      [
        'load',
        [
          { scenario: 'load', metric: 'iterations rate', margins: { change: 0.01, equivalence: 0.03 } },
          { scenario: 'load', metric: 'target_boot value', margins: { change: 0, equivalence: 0 } },
        ],
      ],
    ],
  )
  assert.deepEqual(plan, {
    name: 'pr',
    limits: [
      { scenario: 'load', metric: 'http_req_duration', expression: 'p(95)<250' },
      { scenario: 'load', metric: 'http_req_duration', expression: 'p(99)<500' },
      { scenario: 'load', metric: 'checks', expression: 'rate>0.99' },
    ],
    power: { effect: 0.05, atLeast: 0.95 },
  })
})

test('The command line wins over the config; a checkout there is relative to where it is typed', async () => {
  const { against, variant, budgetMs, seed } = await ask(
    'pr',
    '--base',
    'b',
    '--head',
    `a@${dir}/there`,
    '--budget',
    '90s',
    '--seed',
    '7',
  )
  assert.deepEqual([against, variant, budgetMs, seed], ['b', 'a@there', 90_000, 7])
})

test('A limit on what nobody measures is refused before the start, on what the target does not give after the first pair', async () => {
  const asked = await ask('--base', 'b')
  const limits = [{ scenario: 'load', metric: 'latency', expression: 'p(95)<250' }]
  const { request } = comparisonRequest(config, { ...asked, gate: { ...asked.gate!, limits } })
  const { metricsOf, statistics } = request.comparison!
  const outlook = { name: 'load', primary: 'iterations rate', phases: ['main'], instructionsCounted: false }
  assert.throws(() => metricsOf({ ...outlook, declared: [] }), /limit "p\(95\)<250": metric "latency" does not exist/)
  assert.equal(metricsOf({ ...outlook, declared: [{ name: 'latency', kind: 'trend' }] }).length, 2)
  const first = gatedRun({ pairs: 1, limits: [{ ...p95, metric: 'target_heap_used_peak', expression: 'value<9' }] })
  assert.throws(() => statistics.statesOf(first), /on target_heap_used_peak value, which no trial has/)
  assert.equal(statistics.statesOf(gatedRun({ pairs: 1 })).get('browse'), 'open')
})

test('A budget too small for the effect is told on standard error, by the noise that is stored for this machine', async (t) => {
  const said: string[] = []
  t.mock.method(console, 'error', (text: string) => void said.push(text))
  const { header } = gatedRun({ change: { gate: { name: 'pr', limits: [], power: { effect: 0.05, atLeast: 0.95 } } } })
  await warnOfPower(header, dir)
  assert.match(
    said.join('\n'),
    /^weir: warning: browse: .*no noise of this load is stored for this machine: weir noise base/,
  )
  const sample = {
    ...{
      run: 'r',
      startedAt: '2026-11-21T03:15:02.000Z',
      scenario: 'browse',
      variant: 'base',
      metric,
      unit: 'ms' as const,
    },
    ...{ better: 'lower' as const, mode: 'trials' as const, eventLoopSampling: null, meanLog: 0, pairs: 20 },
  }
  await addNoise(join(dir, '.weir'), header.environment.fingerprint, [{ ...sample, sdLog: 0.001, secondsAPair: 1 }])
  await warnOfPower(header, dir)
  assert.equal(said.length, 1)
  await addNoise(join(dir, '.weir'), header.environment.fingerprint, [{ ...sample, sdLog: 0.2, secondsAPair: 20 }])
  await warnOfPower(header, dir)
  assert.match(said[1]!, /an effect of 5% is to be found with 95%/)
  const steady = { ...sample, run: 'other', loadDigest: 'then', sdLog: 0.0001, secondsAPair: 1 }
  await addNoise(join(dir, '.weir'), 'f-other', [steady])
  const changed = header.scenarios.map((each) => ({ ...each, loadDigest: 'now' }))
  await warnOfPower(
    { ...header, environment: { ...header.environment, fingerprint: 'f-other' }, scenarios: changed },
    dir,
  )
  assert.match(said[2]!, /no noise of this load is stored/)
  // What an older weir stored counts until there is noise of this very load.
  const [old, own] = [
    { ...sample, sdLog: 0.2, secondsAPair: 20 },
    { ...steady, run: 'own', loadDigest: 'now' },
  ]
  const ofOther = { ...header, environment: { ...header.environment, fingerprint: 'f-old' }, scenarios: changed }
  await addNoise(join(dir, '.weir'), 'f-old', [old])
  await warnOfPower(ofOther, dir)
  assert.match(said[3]!, /an effect of 5% is to be found with 95%/)
  await addNoise(join(dir, '.weir'), 'f-old', [own])
  await warnOfPower(ofOther, dir)
  assert.equal(said.length, 4)
})

const refused: [args: string[], message: RegExp][] = [
  [['rp'], /^gate "rp" does not exist\. It is one of: pr$/],
  [['pr', 'other'], /^weir gate takes one gate, found also: other$/],
  [['--base', 'c'], /^variant "c" does not exist/],
  [['--base', 'a'], /^variant "a" is both base and head/],
  [['--budget', '0'], /^option --budget: expected a duration above zero/],
  [['--budget', 'long'], /^option --budget: "long" is not a duration/],
  [['--resume', '--budget', '1m'], /^option --resume cannot stand beside --budget: the run keeps its plan$/],
]
for (const [args, message] of refused)
  test(`Refused is: weir gate ${args.join(' ')}`, async () => {
    await assert.rejects(
      () => ask(...args),
      (error) => error instanceof UserError && message.test(error.message),
    )
  })

test('Margins between which nothing would be decided are refused', async () => {
  const metrics = [{ metric: 'iterations rate', change: 0.05, equivalence: 0.03 }]
  const { pr } = config.gates
  const gates = { pr: { ...pr!, scenarios: { load: { metrics, limits: {} } } } }
  await assert.rejects(
    readAsk({ ...config, gates }, readArguments([], gateOptions)),
    /^UserError: metric "iterations rate" of scenario "load": "equivalence" is 0\.03, less than "change", 0\.05: .* Expected 0\.05 or more, or 0/,
  )
})

test('A gate that was cut off goes on with what it had been asked, and no other run of the two variants does', async () => {
  const cutOff = { ...gatedRun({ pairs: 2 }).header, campaign: 'a against b', status: 'interrupted', plan } as const
  const keep = async (id: string, gate: string | null) => {
    const { gate: own, ...header } = { ...cutOff, id }
    const run = { header: { ...header, ...(gate ? { gate: { ...own!, name: gate } } : {}) }, records: [] }
    await storeRun(run, dir)
  }
  await keep('2026-11-21T01-00-00-000-pr', 'pr')
  await keep('2026-11-21T02-00-00-000-other', 'other')
  await keep('2026-11-21T03-00-00-000-compared', null)
  const { resume, gate: kept, seed, budgetMs } = await ask('pr', '--base', 'b', '--resume')
  assert.equal(resume?.header.id, '2026-11-21T01-00-00-000-pr')
  assert.deepEqual([kept!.limits, seed, budgetMs], [[p95], cutOff.seed, cutOff.comparison!.budgetMs])
  await assert.rejects(
    ask('pr', '--base', 'b', '--resume', '2026-11-21T03-00-00-000-compared'),
    /is of a comparison: weir compare --resume goes on with it$/,
  )
  await assert.rejects(
    ask('pr', '--base', 'b', '--resume', '2026-11-21T02-00-00-000-other'),
    /is of gate "other": weir gate other --resume goes on with it$/,
  )
})

const plan = { config: 'c', scripts: 's', code: null }

test('What cannot be written, or contradicts --from, is told before anything is measured', async () => {
  const run = (...args: string[]) => gate.run(args, new AbortController().signal)
  const wrong: [args: string[], message: RegExp][] = [
    [
      ['--junit', join(dir, 'nowhere', 'a.xml')],
      /^option --junit: ".*a\.xml" cannot be written: expected a folder .*nowhere/,
    ],
    [['--junit', dir], /^option --junit: .* cannot be written: expected a file, and it is a folder$/],
    [['--junit', ''], /^option --junit: "" cannot be written: expected the name of a file$/],
    [
      ['--junit', join(dir, 'x'), '--json', `${dir}/./x`],
      /^options --junit and --json would both write ".*x": expected two files$/,
    ],
    [
      ['--json', join(dir, 'a.bigger.json'), '--benchmark-json', join(dir, 'a.json')],
      /^options --json and --benchmark-json would both write ".*a\.bigger\.json": expected two files$/,
    ],
    [['pr', '--from', dir, '--budget', '1m'], /^option --from cannot stand beside pr, --budget/],
  ]
  for (const [args, message] of wrong)
    await assert.rejects(run(...args), (error) => error instanceof UserError && message.test(error.message))
})
