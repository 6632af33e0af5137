import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkConfig } from '../../harness/config.ts'
import type { Engine, RunSlice } from '../../harness/engine/port.ts'
import { readEntry } from '../../harness/target/process-tree.ts'
import { runInSlices, type Turns } from '../../harness/trial/in-slices.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from '../../harness/trial/plan.ts'
import { fakeEngine } from '../support/fake-engine.ts'
import { recordedProgress } from '../support/recorded-progress.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-in-slices-'))
after(() => rmSync(dir, { recursive: true }))

// Says who it is; ends when it is told to.
writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http'
createServer((request, response) => {
  if (request.url === '/die') process.exit(9)
  response.end(String(process.pid))
}).listen(Number(process.argv[2]), '127.0.0.1')
`,
)
writeFileSync(join(dir, 'load.js'), '')

const server = { command: ['{node}', 'server.mjs', '{port}'], ready: { http: '/' }, probe: false }
const config = {
  ...checkConfig(
    {
      variants: { one: server, two: server, three: server },
      scenarios: { load: { script: 'load.js' } },
      campaigns: {},
    },
    'c',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
}

interface Served {
  variant: string
  pid: number
  url: string
}

/** An engine whose slices take no time: `onSlice` hears of each, with the server that has its turn. */
function slicedEngine(onSlice: (served: Served, signal: AbortSignal) => unknown): Engine & { served: Served[] } {
  const engine = fakeEngine()
  const served: Served[] = []
  return {
    ...engine,
    served,
    async run(job, events, signal) {
      const url = job.env.BASE_URL!
      const own = { variant: job.env.VARIANT!, pid: Number(await (await fetch(url)).text()), url }
      served.push(own)
      const slice: RunSlice = async (startMs, lengthMs) => {
        await onSlice(own, signal)
        return signal.aborted ? null : startMs + lengthMs
      }
      await events.lead!(slice)
      const result = await engine.run(job, {}, signal)
      return signal.aborted ? { ...result, exitCode: 105, endedBecause: 'stopped by a signal' } : result
    },
  }
}

const facts = await fakeEngine().inspect(
  { script: join(dir, 'load.js'), env: {}, options: {}, cpus: null },
  new AbortController().signal,
)

const planOf = (variant: string, side: 'A' | 'B', trial: number): TrialPlan => ({
  ...{ run: 'r', trial, key: { block: 1, pair: 1, side, position: trial }, variant, task: null, scenario: 'load' },
  ...{ primary: 'http_req_duration p(50)', facts, script: join(dir, 'load.js'), env: { VARIANT: variant } },
  ...{ options: {}, targetEnv: {}, services: [], warmup: null },
})

const plans = [planOf('two', 'B', 1), planOf('one', 'A', 2)]
const turns: Turns = { lengthMs: 1, order: [0, 1, 1, 0] }
const silent: TrialEvents = { stage() {}, progress() {} }

const settingWith = (engine: Engine): TrialSetting => ({
  ...{ config, engine, pinning: { target: null, rest: null, note: '' }, logsDir: dir, stateDir: dir },
  ...{ scratchDir: join(dir, 'scratch'), notCounted: 'not counted here', machine: 'm' },
})

const run = (engine: Engine, signal = new AbortController().signal, events = silent) =>
  runInSlices(plans, turns, settingWith(engine), events, signal)

function assertNothingLeft({ served }: { served: Served[] }): void {
  assert.equal(served.length, 2)
  for (const { pid } of served) assert.equal(readEntry(pid), null)
  for (const index of ['0', '1']) assert.equal(existsSync(join(dir, 'scratch', index)), false)
}

test('Both servers of a pair are alive, and take their turns in the order that was given', async () => {
  const heard: string[] = []
  const engine = slicedEngine(({ variant }) => {
    heard.push(variant)
    for (const { pid } of engine.served) assert.ok(readEntry(pid))
  })
  const records = await run(engine)
  assert.deepEqual(heard, ['two', 'one', 'one', 'two'])
  assert.deepEqual(
    records.map(({ trial, variant, slices, failure }) => [trial, variant, slices!.length, failure]),
    [
      [1, 'two', 2, undefined],
      [2, 'one', 2, undefined],
    ],
  )
  assertNothingLeft(engine)
})

test('A server that dies in the middle ends the pair: no further turn, two void records, nothing left', async () => {
  const heard: string[] = []
  const engine = slicedEngine(async ({ variant, url }, stopped) => {
    heard.push(variant)
    if (heard.length === 2) await Promise.all([once(stopped, 'abort'), fetch(`${url}/die`).catch(() => {})])
  })
  const [two, one] = await run(engine)
  assert.deepEqual(heard, ['two', 'one'])
  assert.equal(one!.failure!.stage, 'target')
  assert.match(one!.failure!.message, /^variant "one" died during the trial \(exit code 9\)$/)
  assert.equal(two!.failure!.stage, 'turns')
  assert.match(two!.failure!.message, /^nothing is left that it could take turns with: variant "one" died/)
  assertNothingLeft(engine)
})

test('A generator that fails in a turn voids both records with its words', async () => {
  const engine = slicedEngine(() => {
    throw new Error('the generator is gone')
  })
  const [two, one] = await run(engine)
  assert.deepEqual([two!.failure!.stage, two!.failure!.message], ['generator', 'the generator is gone'])
  assert.match(one!.failure!.message, /^nothing is left that it could take turns with: the generator is gone$/)
  assertNothingLeft(engine)
})

test('A load that ends before its first turn voids both records, and that of the other is not begun', async () => {
  const engine = fakeEngine()
  const ended: Engine = {
    ...engine,
    run: async (...args) => ({ ...(await engine.run(...args)), exitCode: 107, endedBecause: 'setup() threw' }),
  }
  const [two, one] = await run(ended)
  assert.equal(two!.failure!.message, 'the load ended early: setup() threw')
  assert.equal(
    one!.failure!.message,
    'nothing is left that it could take turns with: the load ended early: setup() threw',
  )
  assert.equal(engine.ran.length, 1)
})

test('Ctrl-C ends a pair in the middle of a turn: it rejects, and nothing is left', async () => {
  const controller = new AbortController()
  const heard: string[] = []
  const engine = slicedEngine(({ variant }) => {
    heard.push(variant)
    if (heard.length === 2) controller.abort(new Error('interrupted'))
  })
  await assert.rejects(run(engine, controller.signal), /^Error: interrupted$/)
  assert.deepEqual(heard, ['two', 'one'])
  assertNothingLeft(engine)
})

test('Ctrl-C before the first turn ends the one server that was started', async () => {
  const controller = new AbortController()
  const engine = slicedEngine(() => assert.fail('no turn was to come'))
  const events = {
    ...silent,
    stage: (text: string) => void (text === 'preparing the load' && controller.abort(new Error('interrupted'))),
  }
  await assert.rejects(
    runInSlices(plans, turns, settingWith(engine), events, controller.signal),
    /^Error: interrupted$/,
  )
  assert.equal(engine.served.length, 1)
  assert.equal(readEntry(engine.served[0]!.pid), null)
})

test('Who watches a pair hears of the side that has its turn, and of the other nothing', async () => {
  const tells = new Map<string, () => void>()
  const engine = slicedEngine(() => {
    for (const tell of tells.values()) tell()
  })
  const telling: Engine = {
    ...engine,
    run: (job, events, signal) => {
      const vus = job.env.VARIANT === 'one' ? 1 : 2
      tells.set(job.env.VARIANT!, () => events.progress?.({ ...recordedProgress[0]!, vus }))
      return engine.run(job, events, signal)
    },
  }
  const heard: unknown[] = []
  const events: TrialEvents = {
    stage: (text) => void (text.includes('slices') && heard.push(text)),
    progress: ({ vus }) => void heard.push(vus),
  }
  await run(telling, new AbortController().signal, events)
  assert.deepEqual(heard, ['4 slices of 1 ms, by turns', 2, 1, 1, 2])
})

const block = [...plans, { ...planOf('three', 'B', 3), key: { block: 1, pair: 1, side: 'B' as const, position: 3 } }]
const inBlock = (engine: Engine) =>
  runInSlices(
    block,
    { lengthMs: 1, order: [2, 0, 1, 1, 0, 2] },
    settingWith(engine),
    silent,
    new AbortController().signal,
  )

test('All servers of a block take turns', async () => {
  const heard: string[] = []
  const engine = slicedEngine(({ variant }) => void heard.push(variant))
  const records = await inBlock(engine)
  assert.deepEqual(heard, ['three', 'two', 'one', 'one', 'two', 'three'])
  assert.deepEqual(
    records.map(({ variant, slices, failure }) => [variant, slices!.length, failure]),
    ['two', 'one', 'three'].map((variant) => [variant, 2, undefined]),
  )
})

test('A server of a block that dies leaves the others their turns, as long as there are two', async () => {
  const heard: string[] = []
  const engine = slicedEngine(async ({ variant, url }, stopped) => {
    heard.push(variant)
    if (variant === 'two') await Promise.all([once(stopped, 'abort'), fetch(`${url}/die`).catch(() => {})])
  })
  const [two, one, three] = await inBlock(engine)
  assert.deepEqual(heard, ['three', 'two', 'one', 'one', 'three'])
  assert.match(two!.failure!.message, /^variant "two" died/)
  assert.deepEqual([one!.failure, three!.failure], [undefined, undefined])
  for (const { pid } of engine.served) assert.equal(readEntry(pid), null)
})

test('A server that is alone in what is left of a block that was cut off has its turns all the same', async () => {
  const engine = slicedEngine(() => {})
  const [one] = await runInSlices(
    [planOf('one', 'A', 1)],
    { lengthMs: 1, order: [0, 0] },
    settingWith(engine),
    silent,
    new AbortController().signal,
  )
  assert.deepEqual([one!.failure, one!.slices!.length], [undefined, 2])
})
