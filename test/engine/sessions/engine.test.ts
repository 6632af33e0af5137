import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import type { LoadJob } from '../../../harness/engine/port.ts'
import { sessionsEngine } from '../../../harness/engine/sessions/engine.ts'
import { UserError } from '../../../harness/errors.ts'
import { scriptFiles } from './k6/run-script.ts'

async function jobFor(t: TestContext, source: string): Promise<LoadJob> {
  return { script: await scriptFiles(t, { 'script.js': source }), env: {}, options: {}, cpus: null }
}

const goesOn = { signal: new AbortController().signal }

describe('the engine, with its generator in a process of its own', { concurrency: 3, timeout: 40_000 }, () => {
  it('tells of a script without running it', async (t) => {
    const facts = await sessionsEngine.inspect(
      await jobFor(
        t,
        `import { Counter, Trend } from 'k6/metrics'
         new Counter('lost')
         new Trend('turn', true)
         export const options = { scenarios: {
           a: { executor: 'constant-vus', vus: 3, duration: '5s' },
           b: { executor: 'constant-arrival-rate', rate: 10, duration: '2s', preAllocatedVUs: 2, maxVUs: 4, startTime: '40s' } },
           ext: { weir: { primary: 'http_req_duration p(50)', capacity: ['a'] } } }
         export default function () { throw new Error('ran') }`,
      ),
      goesOn.signal,
    )
    assert.deepEqual([facts.maxVUs, facts.durationS, facts.notes.primary, facts.notes.capacity], [4, 42, 'http_req_duration p(50)', ['a']])
    assert.deepEqual(facts.phases, [{ name: 'a', startS: 0, endS: 5 }, { name: 'b', startS: 40, endS: 42 }])
    assert.deepEqual(facts.declared, [{ name: 'lost', kind: 'counter', isTime: false }, { name: 'turn', kind: 'trend', isTime: true }])
    assert.deepEqual(facts.descriptions, ['a: 3 looping users for 5s', 'b: 10 iterations/s for 2s (2 to 4 users)'])
  }) // biome-ignore format: one list

  it('waits with the load until observers are ready, and leaves no process', async (t) => {
    const order: string[] = []
    let pid = 0
    const job = await jobFor(
      t,
      "export function setup() { console.log('setup') }\nexport default function () { console.log('ran') }",
    )
    const events = {
      log: (_: string, message: string) => void order.push(message),
      async ready(_: unknown, generatorPids: number[]) {
        pid = generatorPids[0]!
        await new Promise((resolve) => setTimeout(resolve, 50))
        order.push('ready')
      },
      started: () => void order.push('started'),
    }
    const result = await sessionsEngine.run(job, events, goesOn.signal)
    assert.deepEqual(order, ['setup', 'ready', 'started', 'ran'])
    assert.equal(result.exitCode, 0)
    assert.equal(existsSync(`/proc/${pid}`), false)
  })

  it('tells once what top-level code logs before there are users, however many generators there are', async (t) => {
    const source =
      "console.log('init ' + __VU)\nexport const options = { vus: 2, iterations: 2 }\nexport default function () {}"
    for (const generators of [1, 2]) {
      const said: string[] = []
      const log = (_: string, message: string): void => void said.push(message)
      await sessionsEngine.run({ ...(await jobFor(t, source)), generators }, { log }, goesOn.signal)
      assert.equal(said.filter((line) => line === 'init 0').length, 1)
      assert.equal(said.length, 3)
    }
  })

  it('throws away what a warm-up measures', async (t) => {
    const job = await jobFor(t, 'export default function () {}')
    const warmup = await jobFor(
      t,
      "export const options = { iterations: 9 }\nexport default function () { console.log('warm') }",
    )
    const said: string[] = []
    const result = await sessionsEngine.run(
      { ...job, warmup },
      { log: (_, message) => void said.push(message) },
      goesOn.signal,
    )
    assert.equal(said.filter((line) => line === 'warm-up: warm').length, 9)
    assert.equal(result.metrics.find(({ metric }) => metric === 'iterations')?.sum, 1)
  })

  it('goes on when a promise of the script fails and nobody waits for it', async (t) => {
    const said: string[] = []
    const job = await jobFor(t, "export default function () { Promise.reject(new Error('loose')); console.log('on') }")
    const result = await sessionsEngine.run(
      job,
      { log: (level, message) => void said.push(`${level} ${message.split('\n')[0]}`) },
      goesOn.signal,
    )
    assert.deepEqual([said.sort(), result.exitCode], [['error Uncaught (in promise) Error: loose', 'info on'], 0])
  })

  it('is stopped by its signal, with what was measured until then', async (t) => {
    const stop = new AbortController()
    const job = await jobFor(
      t,
      "import { sleep } from 'k6'\nexport const options = { duration: '60s' }\nexport default function () { sleep(0.01) }",
    )
    const result = await sessionsEngine.run(
      job,
      { started: () => void setTimeout(() => stop.abort(), 200) },
      stop.signal,
    )
    assert.equal(result.exitCode, 105)
    assert.ok(result.metrics.find(({ metric }) => metric === 'iterations')!.sum > 0)
  })

  it('that was stopped before it began does nothing', async (t) => {
    const job = await jobFor(t, "export default function () { console.log('ran') }")
    const said: string[] = []
    const log = (_: string, message: string): void => void said.push(message)
    await assert.rejects(sessionsEngine.run(job, { log }, AbortSignal.abort()), { exitCode: 105 })
    assert.deepEqual(said, [])
  })

  it('tells what is planned before any of it, and does nothing where that is refused', async (t) => {
    const job = await jobFor(
      t,
      "export const options = { vus: 3, iterations: 3 }\nexport default function () { console.log('ran') }",
    )
    const said: string[] = []
    const log = (_: string, message: string): void => void said.push(message)
    const planned = ({ maxVUs }: { maxVUs: number }): void => {
      said.push(`${maxVUs} users`)
      throw new UserError('too many')
    }
    await assert.rejects(sessionsEngine.run(job, { log, planned }, new AbortController().signal), /too many/)
    assert.deepEqual(said, ['3 users'])
  })

  it('says what a script is refused for, with its exit code', async (t) => {
    const refused: [source: string, exitCode: number, says: RegExp][] = [
      ["import x from 'k6/nothing'\nexport default function () {}", 107, /k6\/nothing/],
      ['export const options = { vus: 0, duration: "1s" }\nexport default function () {}', 104, /at least 1, found 0/],
    ]
    for (const [source, exitCode, says] of refused) {
      const isExpected = (error: { exitCode?: number; message: string }): boolean =>
        error.exitCode === exitCode && says.test(error.message)
      await assert.rejects(sessionsEngine.inspect(await jobFor(t, source), new AbortController().signal), isExpected)
    }
  })

  it('says which generator was killed, by what, and why that may be, for a user to act on', async (t) => {
    const source =
      "import { sleep } from 'k6'\nexport const options = { vus: 2, duration: '60s' }\nexport default function () { sleep(1) }"
    for (const [signal, says] of [
      ['SIGKILL', /^generator 2 \(process \d+\) was killed by SIGKILL: most likely .* out of memory/],
      ['SIGTERM', /^generator 2 \(process \d+\) was ended from outside by SIGTERM/],
    ] as const) {
      const job = { ...(await jobFor(t, source)), generators: 2 }
      const ready = (_: unknown, pids: number[]): void => void process.kill(pids[1]!, signal)
      await assert.rejects(
        sessionsEngine.run(job, { ready }, goesOn.signal),
        (error) => error instanceof UserError && error.exitCode === 1 && says.test(error.message),
      )
    }
  })
})
