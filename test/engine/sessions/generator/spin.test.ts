import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { sessionsEngine } from '../../../../harness/engine/sessions/engine.ts'
import { Heartbeat, StillnessWatch } from '../../../../harness/engine/sessions/generator/heartbeat.ts'
import { describeSpin, isFatal } from '../../../../harness/engine/sessions/generator/spin.ts'
import type { Place } from '../../../../harness/engine/sessions/script/stuck.ts'
import { UserError } from '../../../../harness/errors.ts'
import { scriptFiles } from '../k6/run-script.ts'

interface Ended {
  error: unknown
  said: string[]
  pids: number[]
}

const spinLimitMs = 600

/** @param stopAt what the script says when the load is to be interrupted */
async function endOf(t: TestContext, files: Record<string, string>, stopAt?: string): Promise<Ended> {
  const script = await scriptFiles(t, files)
  const [said, pids]: [string[], number[]] = [[], []]
  const stop = new AbortController()
  const events = {
    ready: (_: unknown, started: number[]) => void pids.push(...started),
    started: () => {},
    log: (level: string, message: string) => {
      said.push(`${level} ${message}`)
      if (message === stopAt) stop.abort()
    },
  }
  const job = { script, env: {}, options: {}, cpus: null, spinLimitMs }
  const error = await sessionsEngine.run(job, events, stop.signal).then(
    ({ exitCode }) => exitCode,
    (thrown: unknown) => thrown,
  )
  return { error, said, pids }
}

function assertSpin({ error, pids }: Ended, exitCode: number, ...says: RegExp[]): void {
  assert.ok(error instanceof UserError, String(error))
  assert.equal(error.exitCode, exitCode)
  for (const each of says) assert.match(error.message, each)
  assert.equal(pids.length, 1)
  for (const pid of pids) assert.equal(existsSync(`/proc/${pid}`), false)
}

describe('a script that computes without a pause', { concurrency: 3, timeout: 40_000 }, () => {
  it('ends the load, and its file, line and functions are named', async (t) => {
    const ended = await endOf(t, {
      'script.ts': `import { sleep } from 'k6'
        import { spin } from './lib.js'
        export const options = { vus: 3, duration: '60s' }
        interface Step { name: string }
        const steps: Step[] = [{ name: 'a' }]
        export default function () {
          sleep(0.1)
          if (__VU === 2) steps.map((step) => spin(step.name))
        }`,
      'lib.js': 'export function spin(name) {\n  let n = 0\n  for (;;) n += name.length\n}',
    })
    assertSpin(ended, 107, /without a pause \(an endless loop\?\), at spin \(.*lib\.js:3:\d+\)/, /at default \(.*script\.ts:8:\d+\)/, /numbers of this load are void/)
  }) // biome-ignore format: one list

  it('is named too where it only turns promises round', async (t) => {
    const source = `export const options = { duration: '60s' }
      const turn = () => Promise.resolve().then(turn)
      export default function () { turn() }`
    assertSpin(await endOf(t, { 'script.js': source }), 107, /at turn \(.*script\.js:2:\d+\)/)
  })

  it('is named too where a regular expression never ends', async (t) => {
    const source = `export const options = { duration: '60s' }
      export default function () { return /^(a+)+$/.test('a'.repeat(60) + 'b') }`
    assertSpin(await endOf(t, { 'script.js': source }), 107, /at default \(.*script\.js:2:\d+\)/)
  })

  it('is named when it is interrupted', async (t) => {
    const source =
      "export const options = { duration: '60s' }\nexport default function () { console.log('spinning'); while (true); }"
    assertSpin(await endOf(t, { 'script.js': source }, 'spinning'), 105, /at default \(.*script\.js:2:\d+\)/)
  })

  it('is only named before and after the load', async (t) => {
    // Counts too: on a busy machine it lasts longer, as the watch does that shares the processor with it.
    const source = `const busy = () => { const end = Date.now() + 1500; for (let n = 0; n < 3e7 || Date.now() < end; n++) Date.now() }
      export function setup() { busy() }
      export default function () { console.log('ran') }
      export function teardown() { busy() }`
    const { error, said } = await endOf(t, { 'script.js': source })
    assert.equal(error, 0)
    const named = said.filter((line) => /^warn .* outside of the load .*at busy \(.*script\.js:1:\d+\)/.test(line))
    assert.equal(named.length, 2, said.join('\n'))
    assert.ok(said.includes('info ran'))
  })
})

/** What another thread finds of this one while it computes. */
async function foundWhile(t: TestContext): Promise<Place> {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const stuck = JSON.stringify(import.meta.resolve('../../../../harness/engine/sessions/script/stuck.ts'))
  const code = `const { parentPort, workerData: gate } = require('node:worker_threads')
    import(${stuck}).then(async ({ placeOfMainThread }) => {
      parentPort.postMessage('ready')
      Atomics.wait(gate, 0, 0)
      parentPort.postMessage(await placeOfMainThread([], () => false))
      Atomics.store(gate, 1, 1)
    })`
  const worker = new Worker(code, { eval: true, workerData: gate })
  t.after(() => worker.terminate())
  await once(worker, 'message')
  const found = once(worker, 'message')
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  computeUntil(gate)
  return (await found)[0] as Place
}

function computeUntil(gate: Int32Array): void {
  while (Atomics.load(gate, 1) === 0) Math.sqrt(2)
}

describe('an engine that computes without a pause', () => {
  it('is told from a script by its frames', { timeout: 20_000 }, async (t) => {
    const { frames, isEngine } = await foundWhile(t)
    assert.equal(isEngine, true)
    assert.match(frames[0]!, /^computeUntil \(spin\.test\.ts:\d+\)$/)
  })

  it('is not blamed on the script, and does not end the load', () => {
    const spin = { isInLoad: true, seconds: 5, frames: ['keepBody (exchange.ts:9)', 'onData (http-connection.ts:7)'] }
    assert.match(describeSpin({ ...spin, isEngine: true }), /^the engine itself .* at keepBody \(exchange\.ts:9\)\n/)
    assert.match(describeSpin({ ...spin, isEngine: false }), /^the script has computed for 5 s/)
    assert.deepEqual([isFatal({ ...spin, isEngine: true }), isFatal({ ...spin, isEngine: false })], [false, true])
  })
})

describe('the watch over a heartbeat', () => {
  it('says once that it stands still, and again after it moved', () => {
    const heartbeat = new Heartbeat()
    const watch = new StillnessWatch(heartbeat.shared, 2)
    const read = (): string => Array.from({ length: 4 }, () => watch.read()).join()
    assert.equal(read(), 'alive,still before load,alive,alive')
    heartbeat.beat()
    heartbeat.isLoading = true
    assert.equal(watch.hasMoved, true)
    assert.equal(read(), 'alive,alive,still in load,alive')
    assert.equal(watch.hasMoved, false)
  })
})
