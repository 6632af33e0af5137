import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readArguments } from '../../harness/commands/arguments.ts'
import { baseline } from '../../harness/commands/baseline.ts'
import { compare } from '../../harness/commands/compare.ts'
import { gate } from '../../harness/commands/gate.ts'
import { history } from '../../harness/commands/history.ts'
import { noise } from '../../harness/commands/noise.ts'
import type { Command } from '../../harness/commands/port.ts'
import { profileOptions, readAsk, withProfiled } from '../../harness/commands/profile/arguments.ts'
import { regressionsOf } from '../../harness/commands/profile/regression.ts'
import { profile } from '../../harness/commands/profile.ts'
import { report } from '../../harness/commands/report.ts'
import { compareRun } from '../../harness/compare/campaign.ts'
import { loadConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'
import type { RunHeader } from '../../harness/record/schema.ts'
import { createRun, readRun, writeRecord } from '../../harness/record/store.ts'
import { reportFile } from '../../reports/formats/json.ts'
import { renderReport } from '../../reports/page.ts'
import { pairedRun } from '../compare/paired-run.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-profile-'))
after(() => rmSync(dir, { recursive: true }))

const server = { command: ['node', 'server.mjs', '{port}'], ready: { http: '/' } }
const config = join(dir, 'weir.config.ts')
writeFileSync(join(dir, 'load.js'), '')
writeFileSync(
  config,
  `export default ${JSON.stringify({
    variants: {
      plain: server,
      other: server,
      npm: { ...server, command: ['npm', 'start'] },
      there: { url: 'http://127.0.0.1:1' },
    },
    scenarios: {
      turns: { script: 'load.js' },
      paced: { script: 'load.js' },
      hello: { engine: 'autocannon', script: 'load.js' },
    },
    campaigns: {
      most: {
        ...{ question: 'How much?', variants: ['plain'], baseline: 'plain', blocks: 1 },
        saturation: { sweep: { scenario: 'hello' }, rate: { scenario: 'paced', variable: 'RATE', from: 50, to: 500 } },
      },
    },
  })}`,
)

async function refused(command: Command, args: string[], message: RegExp): Promise<void> {
  await assert.rejects(command.run(args, new AbortController().signal), (error) => {
    assert.ok(error instanceof UserError, String(error))
    assert.match(error.message, message)
    return true
  })
}

const mistakes: [what: string, args: string[], message: RegExp][] = [
  [
    'no scenario',
    ['plain'],
    /takes a variant and a scenario, found 1\. Variants: plain, .*Scenarios: turns, paced, hello$/,
  ],
  ['an unknown variant', ['plan', 'turns'], /variant "plan" does not exist\. Did you mean "plain"/],
  ['an unknown scenario', ['plain', 'turn'], /scenario "turn" does not exist\. Did you mean "turns"/],
  [
    'a rate that is not searched for',
    ['plain', 'paced@501'],
    /scenario "paced@501": expected a rate .* from 50 to 500/,
  ],
  ['an unknown tool', ['plain', 'turns', '--with', 'perf'], /tool "perf" does not exist\. It is one of: cpu, doctor/],
  ['a variant that is a URL', ['there', 'turns'], /variant "there" is reached by its URL and cannot be profiled/],
  ['a URL to hold it against', ['plain', 'turns', '--against', 'there'], /variant "there" is reached by its URL/],
  ['itself to hold it against', ['plain', 'turns', '--against', 'plain'], /would be held against itself/],
  [
    'two variants for clinic',
    ['plain', 'turns', '--against', 'other', '--with', 'heap'],
    /expected --with cpu, found heap/,
  ],
  [
    'npm for clinic',
    ['npm', 'turns', '--with', 'doctor'],
    /started by "npm": clinic takes only commands that begin with node/,
  ],
  ['a variant beside --on-regression', ['plain', 'turns', '--on-regression', 'x'], /cannot stand beside plain, turns/],
  ['a file to write into', ['plain', 'turns', '--out', config], /option --out: ".*" cannot be made/],
]
for (const [what, args, message] of mistakes)
  test(`weir profile refuses ${what} before anything is started`, () =>
    refused(profile, [...args, '--config', config], message))

test('weir profile takes a rate of a search as it takes any scenario', async () => {
  const read = await loadConfig(config)
  const ask = readAsk(read, readArguments(['plain', 'paced@500', '--quick'], profileOptions))
  const { scenarios } = withProfiled(read, ask, dir)
  assert.deepEqual(scenarios[ask.scenario]!.env, { RATE: '500' })
})

test('weir profile refuses a folder that holds profiles already', async () => {
  const out = mkdtempSync(join(dir, 'out-'))
  writeFileSync(join(out, '001-plain-1-main.cpuprofile'), '{}')
  await refused(profile, ['plain', 'turns', '--out', out, '--config', config], /--out: .* holds profiles already/)
})

test('Of runs that are there, that of the latest comparison is looked at for a regression, whatever was run after it', async (t) => {
  const folder = mkdtempSync(join(dir, 'project-'))
  const runs = join(folder, '.weir/runs')
  const compared = pairedRun({ ratio: () => 1, header: { status: 'finished', id: '2026-11-20T10-00-00-compared' } })
  const later = { ...compared.header, id: '2026-11-20T11-00-00-profiled', profiled }
  await createRun(compared.header, runs)
  await createRun(later, runs)
  const { comparison: _, ...campaign } = compared.header
  await createRun({ ...campaign, id: '2026-11-20T12-00-00-main' }, runs)
  const said = t.mock.method(console, 'log', () => {})
  const cwd = process.cwd()
  t.after(() => process.chdir(cwd))
  process.chdir(folder)
  assert.equal(await profile.run(['--on-regression', '--config', config], new AbortController().signal), 0)
  assert.match(String(said.mock.calls[0]!.arguments[0]), /nothing regressed in run 2026-11-20T10-00-00-compared/)
})

const profiled: NonNullable<RunHeader['profiled']> = {
  tool: 'cpu',
  pages: [{ title: 'flame of new', path: 'profiles/50% new#1.html' }],
  problems: ['<b>one</b> thread gave no profile'],
}

async function stored(header: Partial<RunHeader>, record: object = {}): Promise<string> {
  const run = pairedRun({ ratio: () => 1.05, header: { status: 'finished', ...header } })
  const { dir: runDir } = await createRun(run.header, mkdtempSync(join(dir, 'runs-')))
  for (const each of run.records) await writeRecord({ dir: runDir, header: run.header }, { ...each, ...record })
  return runDir
}

test('Numbers of a profiled run are held against no others, whatever asks for them', async () => {
  const run = await stored({ profiled })
  const message = /^run "[^"]+" was profiled \(weir profile --with cpu\).*held against no others\. Name another run$/
  await refused(compare, ['--from', run], message)
  await refused(gate, ['--from', run], message)
  await refused(noise, ['--from', run], message)
  await refused(history, ['--add', run, '--file', join(dir, 'history.jsonl')], message)
  await refused(baseline, ['save', '--from', run, '--file', join(dir, 'baseline.json')], message)
  await refused(report, [run, await stored({})], message)
  await refused(profile, ['--on-regression', run, '--config', config], message)
})

test('A record of a profiled target has no place in another run', async () => {
  const run = await stored({}, { profile: { tool: 'heap', files: [], problems: [] } })
  await assert.rejects(readRun(run), /^UserError: .*\.json is of a target that was profiled \(heap\), its run is not/)
})

test('The report of a profiled run says so above its answer and links to the pages', async () => {
  const run = await readRun(await stored({ profiled }))
  const page = await renderReport(run, compareRun(run))
  assert.match(page, /<p class="status">Profiled: V8’s CPU profiler looked into the servers/)
  assert.ok(page.indexOf('Profiled: V8') < page.indexOf('class="answer"'))
  assert.ok(page.includes('<a href="profiles/50%25%20new%231.html">flame of new</a>'))
  assert.ok(page.includes('<li>&lt;b&gt;one&lt;/b&gt; thread gave no profile</li>'))
  assert.deepEqual(reportFile([run]).runs[0]!.profiled, profiled)
})

test('A report of a run that was not profiled says nothing of it', async () => {
  const run = await readRun(await stored({}))
  assert.ok(!(await renderReport(run, compareRun(run))).includes('Profile'))
})

test('What regressed is found scenario by scenario, and nothing where nothing did', async () => {
  const run = await readRun(await stored({}))
  assert.deepEqual(regressionsOf(run), [{ scenario: 'browse', metrics: [run.header.comparison!.metrics[0]!.metric] }])
  assert.deepEqual(regressionsOf(pairedRun({ header: { status: 'finished' } })), [])
})
