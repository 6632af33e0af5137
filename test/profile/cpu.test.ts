import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { monotonicNow } from '../../harness/clock.ts'
import { CpuProfiler } from '../../harness/profile/cpu/profiler.ts'
import type { TrialProfile } from '../../harness/record/schema.ts'
import { launch } from '../../harness/target/launch.ts'
import { freePorts } from '../../harness/target/ports.ts'
import { parseCpuProfile } from '../../reports/profile/cpu-profile.ts'
import { folder, program, specFor } from '../target/programs.ts'

const server = program(
  'busy.mjs',
  `import { createServer } from 'node:http'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
function beBusy() { for (const until = performance.now() + 30; performance.now() < until; ); }
function workerIsBusy() { beBusy() }
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url))
  createServer((request, response) => {
    beBusy()
    worker.once('message', () => response.end('ok'))
    worker.postMessage('go')
  }).listen(Number(process.env.PORT), '127.0.0.1')
} else parentPort.on('message', () => { workerIsBusy(); parentPort.postMessage('done') })`,
)

/** One that answers, and is no Node. */
const python = [
  'python3',
  '-c',
  'import http.server, os\nhttp.server.test(http.server.SimpleHTTPRequestHandler, port=int(os.environ["PORT"]), bind="127.0.0.1")',
]

/** Starts it under the profiler, asks it while the profile runs, and gives what came of it. */
async function profiled(t: TestContext, command: string[]): Promise<TrialProfile> {
  const [port] = await freePorts(1)
  const profiler = new CpuProfiler({ trial: 1, variant: t.name, runDir: folder }, join(folder, 'profiles'))
  t.after(() => profiler.close())
  const running = await launch(await profiler.wrap(specFor(port!, command)))
  t.after(() => running.stop())
  profiler.begin(monotonicNow(), [{ name: 'main', startS: 0, endS: 60 }])
  for (let asked = 0; asked < 8; asked++) await (await fetch(`http://127.0.0.1:${port}/`)).text()
  return await profiler.end(running)
}

const functionsIn = ({ files }: TrialProfile, thread: string): string[] =>
  files
    .filter((file) => file.thread === thread)
    .flatMap(({ path }) => parseCpuProfile(readFileSync(join(folder, path), 'utf8'), path).nodes)
    .map(({ callFrame }) => callFrame.functionName)

test('Each thread of a Node target gives a profile of the load alone, with the functions that worked', async (t) => {
  const profile = await profiled(t, [process.execPath, server])
  assert.deepEqual(profile.problems, [])
  assert.deepEqual(profile.files.map(({ thread }) => thread).sort(), ['main', 'worker'])
  assert.ok(functionsIn(profile, 'main').includes('beBusy'))
  assert.ok(functionsIn(profile, 'worker').includes('workerIsBusy'))
  // What only the start does.
  assert.ok(!functionsIn(profile, 'main').includes('setupListenHandle'))
})

test('A target that a shell starts is profiled, and the shell that starts it is not', async (t) => {
  const profile = await profiled(t, ['sh', '-c', `"${process.execPath}" "${server}"; exit 0`])
  assert.deepEqual(profile.problems, [])
  assert.equal(profile.files.length, 2)
})

test('A target that is no Node says so in one line', async (t) => {
  const { files, problems } = await profiled(t, python)
  assert.deepEqual(files, [])
  assert.match(problems.join('\n'), /^target under test is no Node program.*perf record/)
  assert.equal(problems.length, 1)
})
