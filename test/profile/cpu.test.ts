import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
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

/** `/up` starts a child, `/work` has it work and end. */
const parent = program(
  'parent.mjs',
  `import { fork } from 'node:child_process'
import { createServer } from 'node:http'
let child = null
createServer((request, response) => {
  if (request.url === '/up') child = fork(process.argv[2]).once('message', () => response.end('up'))
  else if (request.url === '/work') child.once('exit', () => response.end('over')).send('work')
  else response.end('ready')
}).listen(Number(process.env.PORT), '127.0.0.1')`,
)

/** It hears what it is told between its turns. */
const pausingChild = program(
  'pausing.mjs',
  `function childIsBusy() { for (const until = performance.now() + 30; performance.now() < until; ); }
process.once('message', () => setTimeout(() => { childIsBusy(); process.exit() }, 1))
setImmediate(() => setImmediate(() => process.send('up')))`,
)

/** `/work` starts a child that computes from its start to its end. */
const computing = program(
  'computing.mjs',
  `import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
const work = 'for (const until = performance.now() + 30; performance.now() < until; );'
createServer((request, response) => {
  if (request.url === '/work') spawn(process.execPath, ['-e', work]).once('exit', () => response.end('over'))
  else response.end('ready')
}).listen(Number(process.env.PORT), '127.0.0.1')`,
)

/** One that answers, and is no Node. */
const python = [
  'python3',
  '-c',
  'import http.server, os\nhttp.server.test(http.server.SimpleHTTPRequestHandler, port=int(os.environ["PORT"]), bind="127.0.0.1")',
]

/** Starts it under the profiler, asks it while the profile runs, and gives what came of it. */
async function profiled(t: TestContext, command: string[], paths = Array(8).fill('/')): Promise<TrialProfile> {
  const [port] = await freePorts(1)
  const profiler = new CpuProfiler({ trial: 1, variant: t.name, runDir: folder }, join(folder, 'profiles'))
  t.after(() => profiler.close())
  const running = await launch(await profiler.wrap(specFor(port!, command)))
  t.after(() => running.stop())
  profiler.begin(monotonicNow(), [{ name: 'main', startS: 0, endS: 60 }])
  for (const path of paths) await (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  return await profiler.end()
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

test('Processes that ended before the load did are in the profile', async (t) => {
  const profile = await profiled(t, [process.execPath, parent, pausingChild], ['/up', '/work', '/up', '/work'])
  assert.deepEqual(profile.problems, [])
  assert.equal(profile.files.length, 1 + 2)
  assert.ok(functionsIn(profile, 'main').includes('childIsBusy'))
})

test('Processes that ended without having heard of the profile are counted, since their time is missing', async (t) => {
  const { files, problems } = await profiled(t, [process.execPath, computing], Array(3).fill('/work'))
  assert.equal(files.length, 1)
  assert.match(
    problems.join('\n'),
    /^target under test: 3 of 4 threads ended without a profile, and their time is missing/,
  )
})

test('Threads that are too many are counted, also where those that took their places have ended', async (t) => {
  const profiler = new CpuProfiler({ trial: 1, variant: t.name, runDir: folder }, join(folder, 'profiles'))
  t.after(() => profiler.close())
  const { env } = await profiler.wrap(specFor(0, [process.execPath]))
  profiler.begin(monotonicNow() - 1000, [{ name: 'main', startS: 0, endS: 60 }])
  // It begins by a timer that is due before this one.
  await new Promise((resolve) => setTimeout(resolve, 1))
  for (let number = 1; number <= 66; number++) {
    const thread = connect(env.WEIR_PROFILE_SOCKET!)
    thread.end('{"hello":{"thread":0}}\n')
    await once(thread.resume(), 'close')
  }
  const { files, problems } = await profiler.end()
  assert.deepEqual(files, [])
  assert.equal(problems.length, 2)
  assert.match(problems[0]!, /: 64 of 66 threads ended without a profile/)
  assert.match(problems[1]!, /: 2 of 66 threads are in no profile: at most 64 are sampled/)
})
