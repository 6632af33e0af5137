import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { execa } from 'execa'
import { readArguments } from '../../harness/commands/arguments.ts'
import { gateOptions, readAsk } from '../../harness/commands/gate/arguments.ts'
import { gate } from '../../harness/commands/gate.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'
import type { Run } from '../../harness/record/schema.ts'
import { createRun, writeRecord } from '../../harness/record/store.ts'
import { type GatedPairs, gatedRun, p95 } from '../gate/gated-run.ts'

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
  ['undecided, strictly', { pairs: 9 }, ['--strict'], 3, /\ninconclusive \(exit code 3\)/],
  ['not valid', { pairs: 3, late: 3 }, [], 4, /\ninvalid \(exit code 4\)/],
]
for (const [what, pairs, args, exitCode, printed] of ends)
  test(`A gate whose head is ${what} ends with ${exitCode}`, async () => {
    const ended = await judge(pairs, args)
    assert.match(ended.stdout, printed)
    assert.equal(ended.exitCode, exitCode, ended.stderr)
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

test('What the config says of a gate is what is asked, with the usual margins where it gives none', () => {
  const { against, variant, scenarios, metrics, budgetMs, gate: plan } = ask()
  assert.deepEqual([against, variant, scenarios, budgetMs], ['a@../base', 'a', ['load', 'other'], 300_000])
  assert.deepEqual(
    [...metrics],
    [
      [
        'load',
        [
          { scenario: 'load', metric: 'iterations rate', margins: { change: 0.01, equivalence: 0.03 } },
          { scenario: 'load', metric: 'target_boot value', margins: { change: 0, equivalence: 0.03 } },
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

test('The command line wins over the config; a checkout there is relative to where it is typed', () => {
  const { against, variant, budgetMs, seed } = ask(
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

const refused: [args: string[], message: RegExp][] = [
  [['rp'], /^gate "rp" does not exist\. It is one of: pr$/],
  [['pr', 'other'], /^weir gate takes one gate, found also: other$/],
  [['--base', 'c'], /^variant "c" does not exist/],
  [['--base', 'a'], /^variant "a" is both base and head/],
  [['--budget', '0'], /^option --budget: expected a duration above zero/],
  [['--budget', 'long'], /^option --budget: "long" is not a duration/],
]
for (const [args, message] of refused)
  test(`Refused is: weir gate ${args.join(' ')}`, () => {
    assert.throws(
      () => ask(...args),
      (error) => error instanceof UserError && message.test(error.message),
    )
  })

test('What cannot be written, or contradicts --from, is told before anything is measured', async () => {
  const run = (...args: string[]) => gate.run(args, new AbortController().signal)
  const wrong: [args: string[], message: RegExp][] = [
    [
      ['--junit', join(dir, 'nowhere', 'a.xml')],
      /^option --junit: ".*a\.xml" cannot be written: expected a folder .*nowhere/,
    ],
    [['pr', '--from', dir, '--budget', '1m'], /^option --from cannot stand beside pr, --budget/],
  ]
  for (const [args, message] of wrong)
    await assert.rejects(run(...args), (error) => error instanceof UserError && message.test(error.message))
})
