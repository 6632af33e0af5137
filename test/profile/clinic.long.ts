import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { drawPage } from '../../harness/profile/clinic/draw.ts'
import { findClinic } from '../../harness/profile/clinic/find.ts'
import { ClinicProfiler } from '../../harness/profile/clinic/profiler.ts'
import { assertNodeCommand, type ClinicTool } from '../../harness/profile/clinic/tool.ts'
import type { TrialProfile } from '../../harness/record/schema.ts'
import { launch } from '../../harness/target/launch.ts'
import { freePorts } from '../../harness/target/ports.ts'
import { chromiumFor } from '../support/chromium.ts'
import { folder, program, specFor } from '../target/programs.ts'

program(
  'allocating.mjs',
  `import { createServer } from 'node:http'
const kept = []
function allocateALot() { for (let at = 0; at < 20000; at++) kept.push({ at, text: 'x' + at }); return JSON.stringify(kept).length }
createServer((request, response) => response.end(String(allocateALot()))).listen(Number(process.env.PORT), '127.0.0.1')`,
)

/** clinic's program; null where it is not installed: then the test is skipped aloud, or fails where all must run. */
function clinicFor(t: TestContext): string | null {
  try {
    return findClinic(import.meta.dirname)
  } catch (error) {
    if (process.env.WEIR_REQUIRE_ALL === '1') throw error
    t.skip(String(error))
    return null
  }
}

async function gathered(t: TestContext, tool: ClinicTool, clinic: string): Promise<TrialProfile> {
  const [port] = await freePorts(1)
  const profiler = new ClinicProfiler(tool, clinic, { trial: 1, variant: 'v', runDir: folder }, join(folder, tool))
  t.after(() => profiler.close())
  // By a path that holds only where the target would be started.
  const spec = await profiler.wrap(specFor(port!, [process.execPath, 'allocating.mjs']))
  const running = await launch(spec)
  t.after(() => running.stop())
  for (let asked = 0; asked < 20; asked++) await (await fetch(`http://127.0.0.1:${port}/`)).text()
  return await profiler.end(running)
}

const shows: [tool: ClinicTool, seen: RegExp][] = [
  ['doctor', /Event Loop Delay/],
  ['flame', /hottest frame/],
  ['heap', /biggest allocation/],
]
for (const [tool, seen] of shows) {
  test(`clinic ${tool} gathers from a server and draws a page with content, without a trace elsewhere`, async (t) => {
    const clinic = clinicFor(t)
    if (clinic === null) return
    const { files, problems } = await gathered(t, tool, clinic)
    assert.deepEqual(problems, [])
    assert.equal(files.length, 1)
    const drawn = await drawPage(
      { tool, program: clinic, data: join(folder, files[0]!.path) },
      new AbortController().signal,
    )
    assert.ok('page' in drawn, JSON.stringify(drawn))
    assert.ok(!existsSync(join(folder, tool, 'data', 'config')), 'its settings are gone')
    const browser = await chromiumFor(t)
    if (!browser) return
    const page = await browser.newPage()
    await page.goto(pathToFileURL(drawn.page).href)
    await page.getByText(seen).first().waitFor()
  })
}

/** A program in place of clinic's. */
function standIn(t: TestContext, source: string): { program: string; data: string } {
  const dir = mkdtempSync(join(tmpdir(), 'weir-clinic-'))
  t.after(() => rmSync(dir, { recursive: true }))
  mkdirSync(join(dir, 'data'))
  writeFileSync(join(dir, 'bin.cjs'), source)
  return { program: join(dir, 'bin.cjs'), data: join(dir, 'data', '1.clinic') }
}

test('A clinic that hangs is stopped at its deadline with all that it started, and says so in one line', async (t) => {
  const hanging = standIn(
    t,
    `const { spawn } = require('node:child_process')
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
require('node:fs').writeFileSync(__dirname + '/pids', process.pid + ' ' + child.pid)
process.on('SIGTERM', () => {})
setInterval(() => {}, 1000)`,
  )
  const drawn = await drawPage({ tool: 'flame', ...hanging, deadlineMs: 2000 }, new AbortController().signal)
  assert.deepEqual(drawn, { problem: 'clinic flame drew nothing within 2 s and was stopped' })
  const pids = readFileSync(join(hanging.program, '..', 'pids'), 'utf8')
    .split(' ')
    .map(Number)
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), /ESRCH/)
})

test('A clinic that fails says with its own words why', async (t) => {
  const failing = standIn(t, `throw new Error('no such Node')`)
  const drawn = await drawPage({ tool: 'doctor', ...failing }, new AbortController().signal)
  assert.match('problem' in drawn ? drawn.problem : '', /^clinic doctor draws nothing on Node [\d.]+: .*no such Node/)
})

test('Only what begins with node can be given to clinic', () => {
  for (const command of [['{node}', 'a.js'], ['node'], ['/usr/bin/node', 'a.js']]) assertNodeCommand('v', command)
  for (const command of [['npm', 'start'], ['sh', '-c', 'node a.js'], []])
    assert.throws(() => assertNodeCommand('v', command), /^UserError: variant "v" is started by .*--with cpu$/)
})
