import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { microEngine } from '../../../harness/engine/micro/engine.ts'
import type { LoadJob, LoadResult } from '../../../harness/engine/port.ts'
import { UserError } from '../../../harness/errors.ts'
import { scriptFiles } from '../sessions/k6/run-script.ts'

const goesOn = new AbortController().signal
const short = { seconds: 0.04, warmupSeconds: 0.02 }

async function jobFor(t: TestContext, suite: string, task: string, options: object = {}): Promise<LoadJob> {
  const script = await scriptFiles(t, { 'suite.mjs': suite, 'package.json': '{}' })
  return { script, env: {}, options: { ...short, ...options }, cpus: null, tasks: [task] }
}

const run = async (t: TestContext, ...asked: [suite: string, task: string, options?: object]): Promise<LoadResult> =>
  await microEngine.run(await jobFor(t, ...asked), {}, goesOn)

const valueIn = (result: LoadResult, metric: string): number | undefined =>
  result.metrics.find((each) => each.metric === metric)?.last

const refused = (words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error))
  assert.match(error.message, words)
  return true
}

const suite = (tasks: string): string => `export const tasks = { ${tasks} }`

describe('the engine micro, each task in a process of its own', { concurrency: 1, timeout: 60_000 }, () => {
  it('tells what it is going to do without doing it, and needs no target', async (t) => {
    const job = await jobFor(t, suite('read: { open: () => { throw new Error("opened") } }'), 'read', { threads: 2 })
    const facts = await microEngine.inspect(job, goesOn)
    assert.equal(microEngine.needsTarget, false)
    assert.deepEqual([facts.threads, facts.durationS, facts.notes.primary], [2, 0.06, 'time_per_op value'])
    assert.deepEqual(facts.descriptions, ['read, 2 threads, 0.04 s each'])
    assert.match(facts.remarks!.join(' '), /less the empty loop/)
  })

  it('says of a suite that imports something changed that it is another one', async (t) => {
    const digestOf = async (imported: string) => {
      const files = { 'suite.mjs': "export * from './tasks.mjs'", 'tasks.mjs': imported }
      const script = await scriptFiles(t, files)
      return (await microEngine.inspect({ script, env: {}, options: {}, cpus: null }, goesOn)).digest
    }
    assert.equal(await digestOf(suite('a: 1')), await digestOf(suite('a: 1')))
    assert.notEqual(await digestOf(suite('a: 1')), await digestOf(suite('a: 2')))
  })

  it('takes ten thousand operations a sample, and has time and bytes of one', async (t) => {
    const tasks = suite('read: { open: () => { const all = [1, 2, 3, 4]; return { operation: (at) => all[at & 3] } } }')
    const result = await run(t, tasks, 'read')
    assert.ok(Number.isFinite(valueIn(result, 'time_per_op')))
    assert.equal(valueIn(result, 'bytes_per_op'), 0)
    assert.ok(valueIn(result, 'micro_ops_per_sample')! >= 10_000)
    assert.ok(result.metrics[0]!.count >= 10, 'samples of ten passes')
  })

  it('counts to the byte what an operation allocates, awaited or not', async (t) => {
    const tasks = suite(`
      array: { open: () => { let kept; return { operation: (at) => (kept = new Array(8).fill(at)).length + kept[0] } } },
      promise: { open: () => ({ operation: async (at) => at }) },
    `)
    // An array: 32 bytes; its eight elements: 16 and 8 each.
    assert.equal(valueIn(await run(t, tasks, 'array'), 'bytes_per_op'), 112)
    assert.ok(valueIn(await run(t, tasks, 'promise'), 'bytes_per_op')! >= 40)
  })

  it('voids what does not take longer for twice the work', async (t) => {
    // Every other operation has nothing to do: of one a round all take their time, of two a round just the first.
    const tasks = suite(`once: { open: () => ({ operation: async (at) => {
      if (at % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      return at
    } }) }`)
    const { faults } = await run(t, tasks, 'once')
    assert.deepEqual(
      faults!.map(({ code }) => code),
      ['work-not-proportional'],
    )
    assert.match(faults![0]!.message, /twice the work took \d\.\d\d times as long, expected 1\.6 to 2\.4/)
  })

  it('refuses an operation that gives a promise, or no number, only later', async (t) => {
    const tasks = suite(`
      later: { open: () => ({ operation: (at) => at > 5 ? Promise.resolve(at) : at }) },
      none: { open: () => ({ operation: (at) => at > 5 ? Number.NaN : at }) },
    `)
    await assert.rejects(run(t, tasks, 'later'), /the operation gave a promise now and then, expected a number/)
    await assert.rejects(run(t, tasks, 'none'), /the operation gave NaN, expected a number/)
  })

  it('measures slow operations, beside which the empty loop has very many samples', async (t) => {
    const tasks = suite(`slow: { open: () => ({ operation: (at) => {
      for (const endMs = performance.now() + 2; performance.now() < endMs; ) at++
      return at
    } }) }`)
    const result = await run(t, tasks, 'slow', { seconds: 2, warmupSeconds: 0.1 })
    assert.ok(valueIn(result, 'time_per_op')! >= 2e6)
    assert.match(result.warnings.join(), /fewer than 10000 of them/)
  })

  it('tells whose fault it is where nothing can be shared or handed over', async (t) => {
    const tasks = suite(`
      uncloneable: { share: () => () => 0, open: () => ({ operation: (at) => at }) },
      unhanded: { share: () => 0, hand: () => { throw new Error('no port') }, open: () => ({ operation: (at) => at }) },
    `)
    await assert.rejects(run(t, tasks, 'uncloneable'), /task "uncloneable" threw: .*could not be cloned/)
    await assert.rejects(run(t, tasks, 'unhanded'), /task "unhanded" threw: no port/)
  })

  it('divides by what a call stands for', async (t) => {
    const tasks = suite(`many: { open: () => { const sizes = []; return {
      operationsPerCall: 100,
      operation: (at) => { let kept = 0; for (let i = 0; i < 100; i++) { sizes[0] = { at, i }; kept += sizes[0].i } return kept },
    } } }`)
    // An object of two fields: 12 to 40 bytes, whatever V8 makes of it.
    const bytes = valueIn(await run(t, tasks, 'many'), 'bytes_per_op')!
    assert.ok(bytes >= 12 && bytes <= 64, `${bytes}`)
  })

  it('lets threads do the same at once, with what they share', async (t) => {
    const tasks = suite(`add: {
      threads: [1, 3],
      share: ({ threads, env }) => new SharedArrayBuffer(4 * threads),
      open: ({ shared, thread, threads }) => {
        const words = new Int32Array(shared)
        if (words.length !== threads) throw new Error('not what was shared')
        return { operation: () => Atomics.add(words, thread, 1), close: () => { if (words.includes(0)) throw new Error('one was idle') } }
      },
    }`)
    const result = await run(t, tasks, 'add', { threads: 3 })
    const [timeNs, rate] = [valueIn(result, 'time_per_op')!, valueIn(result, 'ops_per_second')!]
    assert.ok(Math.abs(rate * timeNs - 3e9) < 1)
  })

  it('hands a thread what is its own', async (t) => {
    const tasks = suite(`ask: {
      threads: [2],
      share: () => 'common',
      hand: (shared, thread) => { const { port1, port2 } = new MessageChannel(); port1.close(); return { value: [shared, thread, port2], moved: [port2] } },
      open: ({ shared: [common, number, port], thread }) => {
        if (common !== 'common' || number !== thread || !(port instanceof MessagePort)) throw new Error('not its own')
        return { operation: (at) => at & 1, close: () => port.close() }
      },
    }`)
    assert.ok(valueIn(await run(t, tasks, 'ask', { threads: 2 }), 'time_per_op') !== undefined)
  })

  const faulty: [title: string, suite: string, words: RegExp, options?: object][] = [
    [
      'throws when it is loaded',
      'throw new Error("no disk")',
      /suite\.mjs could not be loaded: no disk \(.*suite\.mjs:1:7\)/,
    ],
    ['exports no tasks', 'export const task = {}', /suite\.mjs exports no tasks\. Expected: export const tasks/],
    ['has another task', suite('reads: { open() {} }'), /task "read" does not exist\. Did you mean "reads"\?/],
    ['has a task without open()', suite('read: {}'), /task "read" has no function open\(\)/],
    ['opens nothing', suite('read: { open() {} }'), /task "read": open\(\) gives no function operation\(\)/],
    [
      'does less than an operation a call',
      suite('read: { open: () => ({ operation: (at) => at, operationsPerCall: 0 }) }'),
      /task "read": operationsPerCall is 0: expected a whole number from 1 on/,
    ],
    [
      'throws in open()',
      suite('read: {\nopen() { throw new Error("no key") } }'),
      /task "read" threw: no key \(.*suite\.mjs:2:16\)/,
    ],
    [
      'throws in an operation, later',
      suite('read: { open: () => ({ operation: (at) => {\nif (at > 99) throw new Error("too far"); return at } }) }'),
      /task "read" threw: too far \(.*suite\.mjs:2:20\)/,
    ],
    [
      'throws outside of any operation',
      suite(
        'read: { open: () => ({ operation: () => new Promise(() => setTimeout(() => { throw new Error("late") }, 5)) }) }',
      ),
      /task "read" threw: late/,
    ],
    [
      'gives nothing',
      suite('read: { open: () => ({ operation() {} }) }'),
      /gave undefined, expected a number that depends on its work/,
    ],
    ['is not for so many threads', suite('read: { open() {} }'), /not for 2 threads, only for 1/, { threads: 2 }],
    [
      'ends its process',
      suite('read: { open: () => process.exit(3) }'),
      /task "read" ended its thread \(exit code 3\)/,
    ],
    [
      'never ends an operation',
      suite('read: { open: () => ({ operation: () => new Promise((resolve) => setTimeout(resolve, 1e6)) }) }'),
      /task "read" did not come to an end within 1 s, and was stopped/,
      { deadlineSeconds: 1 },
    ],
    [
      'computes for ever',
      suite('read: { open: () => ({ operation: () => { for (;;); } }) }'),
      /did not come to an end within 1 s/,
      { deadlineSeconds: 1 },
    ],
  ]
  for (const [title, text, words, options] of faulty)
    it(`says what is wrong with a suite that ${title}`, async (t) => {
      await assert.rejects(run(t, text, 'read', options), refused(words))
    })

  it('keeps what a task prints, and leaves no process when it is interrupted', async (t) => {
    const text = suite(
      'read: { open: () => { console.log("pid", process.pid); return { operation: () => { for (;;); } } } }',
    )
    const job = await jobFor(t, text, 'read')
    const logFile = join(dirname(job.script), 'log')
    const stop = new AbortController()
    const running = microEngine.run({ ...job, logFile }, {}, stop.signal)
    const pid = await printed(logFile, /pid (\d+)/)
    stop.abort()
    await assert.rejects(running, refused(/interrupted before the task was measured/))
    assert.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' })
  })
})

/** Waits until a file holds what is looked for. */
async function printed(file: string, what: RegExp): Promise<string> {
  for (;;) {
    try {
      const found = what.exec(readFileSync(file, 'utf8'))?.[1]
      if (found) return found
    } catch {
      // It is not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
