import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import type { ProbeSample } from '../../harness/target/port.ts'
import { openProbeReceiver, probeEnvironment } from '../../harness/target/probe-receiver.ts'
import { program, until } from './programs.ts'

const receiver = await openProbeReceiver()
after(() => receiver.close())

interface Ran {
  pid: number
  code: number | null
  signal: string | null
  output: string
}

/** Runs a program with the probe to its end. */
async function run(node: string, file: string, env: Record<string, string> = {}): Promise<Ran> {
  const probe = probeEnvironment(receiver, env)
  const child = spawn(node, [file], { env: { ...process.env, ...env, ...probe }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  const [code, signal] = await once(child, 'close')
  return { pid: child.pid!, code, signal, output }
}

const samplesOf = (pid: number, atLeast = 1): Promise<ProbeSample[]> =>
  until(() => receiver.samplesOf(pid).length >= atLeast && receiver.samplesOf(pid), `samples of ${pid}`)

/** The Node that runs the tests, and an older one where the machine has it. */
const nodes = [...new Set([process.execPath, '/usr/bin/node'])].filter(existsSync).flatMap((path) => {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  return Number.parseInt(version.slice(1), 10) >= 20 ? [{ path, version }] : []
})

/** Ends by a timer that is due after the probe's, so however late both are there is a tick before the end. */
const busy = program(
  'busy.cjs',
  `const kept = []
   const work = () => {
     const end = Date.now() + 50
     while (Date.now() < end) kept.push({ n: Math.random() })
   }
   work()
   const timer = setInterval(work, 60)
   setTimeout(() => clearInterval(timer), 1100)`,
)

describe('the probe tells who it is, and what the process does once a second and at its end', {
  concurrency: true,
}, () => {
  for (const { path, version } of nodes) {
    test(`under Node ${version}`, async () => {
      const { pid, code, output } = await run(path, busy)
      assert.deepEqual({ code, output }, { code: 0, output: '' })
      const samples = await samplesOf(pid, 2)
      const hello = receiver.hellos().find((one) => one.pid === pid)!
      assert.deepEqual({ thread: hello.thread, node: hello.node }, { thread: 0, node: version })
      assert.match(hello.command, /node \S+busy\.cjs$/)
      assertBusy(samples)
      if (path === process.execPath)
        for (const sample of samples) assert.ok(sample.eventLoopDelayPerIteration, 'the pinned Node knows this mode')
    })
  }
})

/** The loop was blocked for 50 ms again and again, objects were made and kept. */
function assertBusy(samples: ProbeSample[]): void {
  assert.ok(samples.some(({ eventLoopDelay }) => eventLoopDelay.maxMs >= 35))
  assert.ok(samples.some(({ eventLoopUtilization }) => eventLoopUtilization > 0.5))
  assert.ok(samples.some(({ cpuUserMs }) => cpuUserMs > 0))
  assert.ok(samples.some(({ gc }) => gc.some(({ kind, count }) => kind === 'minor' && count > 0)))
  for (const { eventLoopDelay: delay, heapUsedBytes, rssBytes } of samples) {
    assert.ok(delay.minMs <= delay.p50Ms && delay.minMs <= delay.meanMs && delay.meanMs <= delay.maxMs)
    assert.ok(delay.p50Ms <= delay.p99Ms && delay.p99Ms <= delay.maxMs)
    assert.equal(
      delay.counts.reduce((sum, [, count]) => sum + count, 0),
      delay.count,
    )
    assert.ok(heapUsedBytes > 1e6 && rssBytes > heapUsedBytes)
  }
}

for (const { path, version } of nodes) {
  test(`a worker thread under Node ${version} has a stream of its own`, async () => {
    program('worker.mjs', `setTimeout(() => {}, 100)`)
    const file = program(
      'with-worker.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('./worker.mjs', import.meta.url))`,
    )
    const { pid } = await run(path, file)
    await until(() => receiver.threadsOf(pid).get(1)?.length, 'samples of the worker')
    assert.deepEqual([...receiver.threadsOf(pid).keys()].sort(), [0, 1])
    for (const [thread, samples] of receiver.threadsOf(pid))
      assert.ok(samples.every((sample) => sample.pid === pid && sample.thread === thread))
  })
}

test('the probe keeps nothing alive: a program that is done ends, and its last part of a second is kept', async () => {
  const { pid, code } = await run(process.execPath, program('short.mjs', `await new Promise((r) => setTimeout(r, 50))`))
  assert.equal(code, 0)
  const [sample] = await samplesOf(pid)
  assert.ok(sample!.intervalMs < 1000)
})

const behaviours = [
  { title: 'an uncaught error', source: `setTimeout(() => { throw new Error('boom') })`, code: 1 },
  { title: 'a rejection that nobody handles', source: `Promise.reject(new Error('boom'))`, code: 1 },
  { title: 'an exit code of its own', source: `process.exitCode = 7`, code: 7 },
  { title: 'process.exit', source: `console.log('out'); process.exit(9)`, code: 9 },
  { title: 'require.main', file: 'main.cjs', source: `console.log(require.main === module)`, code: 0 },
]

for (const { title, source, code, file = 'behaviour.mjs' } of behaviours) {
  test(`${title} is the same with the probe, without it, and with a probe whose receiver is missing`, async () => {
    const path = program(file, source)
    const bare = { NODE_OPTIONS: '', WEIR_PROBE_SOCKET: '' }
    const without = await runBare(path, bare)
    const missing = await runBare(path, { ...probeEnvironment(receiver, {}), WEIR_PROBE_SOCKET: '/no/such/socket' })
    const probed = await run(process.execPath, path)
    assert.equal(probed.code, code)
    assert.deepEqual([probed.code, probed.output], [without.code, without.output])
    assert.deepEqual([missing.code, missing.output], [without.code, without.output])
  })
}

async function runBare(file: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { code, output }
}

test('options that the target already gets are kept', () => {
  const { NODE_OPTIONS } = probeEnvironment(receiver, { NODE_OPTIONS: '--max-old-space-size=100' })
  assert.match(NODE_OPTIONS!, /^--max-old-space-size=100 --import=file:\/\/\/.*\/probe\.mjs$/)
})

test('a receiver that closes in order leaves its processes alone', async () => {
  const own = await openProbeReceiver()
  const file = program('lasting.mjs', `process.stdin.resume()`)
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...probeEnvironment(own, {}) },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (text) => (errors += text))
  await until(() => own.hellos().length, 'hello')
  await own.close()
  assert.equal(existsSync(own.socketPath), false)
  child.stdin.end()
  const [code] = await once(child, 'close')
  assert.deepEqual({ code, errors }, { code: 0, errors: '' })
})
