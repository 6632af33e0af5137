import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { isInstalled } from '../../harness/target/executables.ts'
import { countInstructions, countInWindows, whyNotCounted } from '../../harness/target/instructions.ts'
import { parsePerfStat } from '../../harness/target/perf-output.ts'
import { program } from './programs.ts'

const counted: [title: string, text: string, count: number][] = [
  ['one event', '123456789,,instructions:u,98765432,100.00,,\n', 123456789],
  [
    'talk of --control around it',
    'Events disabled\nEvents enabled\nEvents disabled\n77,,instructions:u,5,100.00,,\n',
    77,
  ],
  ['derived figures behind it', '2000,,instructions:u,1000,100.00,0.50,insn per cycle\n', 2000],
  ['two kinds of cores', '30,,cpu_core/instructions:u/,5,60.00,,\n4,,cpu_atom/instructions:u/,5,40.00,,\n', 34],
  [
    'a kind of cores that was not used',
    '30,,cpu_core/instructions:u/,5,100.00,,\n<not counted>,,cpu_atom/instructions:u/,0,0.00,,\n',
    30,
  ],
]

for (const [title, text, count] of counted)
  test(`perf's output with ${title} is read`, () => assert.deepEqual(parsePerfStat(text), { count }))

const refused: [title: string, text: string, why: RegExp][] = [
  ['no counters', '<not supported>,,instructions:u,0,100.00,,\n', /gives no counters to us; virtual machines/],
  ['processes that slept', '<not counted>,,instructions:u,0,0.00,,\n', /did not run/],
  [
    'no permission',
    'Error:\nAccess to performance monitoring and observability operations is limited.\n',
    /as root: sysctl/,
  ],
  [
    'another kernel',
    'WARNING: perf not found for kernel 6.1.0-99\n',
    /perf failed: WARNING: perf not found for kernel/,
  ],
  ['nothing', '', /it printed nothing/],
]

for (const [title, text, why] of refused)
  test(`perf's output of ${title} gives one line that says why`, () => {
    const parsed = parsePerfStat(text)
    assert.ok('unavailable' in parsed)
    assert.match(parsed.unavailable, why)
    assert.equal(parsed.unavailable.includes('\n'), false)
  })

test('a machine without perf is told what to install', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nonexistent'
  try {
    assert.match((await whyNotCounted())!.unavailable, /perf is not installed \(Debian: apt install linux-perf/)
  } finally {
    process.env.PATH = path
  }
})

const mustRun = process.env.WEIR_REQUIRE_ALL === '1'
const withoutPerf = !mustRun && !isInstalled('perf') && 'SKIPPED: perf is not installed'

test('perf counts in a running process from start to stop', {
  skip: withoutPerf,
}, async (t) => {
  const file = program('spinning.mjs', `console.log('up'); setInterval(() => { for (let i = 0; i < 1e6; i++); }, 10)`)
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  // A software event, which virtual machines have too: CPU time in ms.
  const counter = await countInstructions([child.pid!], 'task-clock')
  if ('unavailable' in counter && !mustRun) return t.skip(counter.unavailable)
  assert.ok('stop' in counter, JSON.stringify(counter))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const outcome = await counter.stop()
  assert.ok('count' in outcome && outcome.count > 0, JSON.stringify(outcome))
})

test('perf counts in several windows and not between them', { skip: withoutPerf }, async (t) => {
  const file = program(
    'told.mjs',
    `console.log('up'); process.stdin.on('data', () => { for (let i = 0; i < 3e8; i++); console.log('spun') })`,
  )
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'ignore'] })
  t.after(() => child.kill('SIGKILL'))
  const spin = async () => {
    child.stdin.write('spin')
    await once(child.stdout, 'data')
  }
  await once(child.stdout, 'data')
  const countOf = async (outside: number): Promise<number> => {
    const counter = await countInWindows([child.pid!], 'task-clock')
    assert.ok('enable' in counter, JSON.stringify(counter))
    for (let window = 0; window < 2; window++) {
      await counter.enable()
      await spin()
      await counter.disable()
      for (let times = 0; times < outside; times++) await spin()
    }
    const outcome = await counter.stop()
    assert.ok('count' in outcome, JSON.stringify(outcome))
    return outcome.count
  }
  const whole = await countInstructions([child.pid!], 'task-clock')
  if ('unavailable' in whole && !mustRun) return t.skip(whole.unavailable)
  assert.ok('stop' in whole)
  const inWindows = await countOf(2)
  const all = await whole.stop()
  assert.ok('count' in all && inWindows > 0 && inWindows < all.count)
})

test('processes that are not there give a reason', { skip: withoutPerf }, async () => {
  const outcome = await countInstructions([2 ** 22 + 1], 'task-clock')
  assert.ok('unavailable' in outcome)
  assert.match(outcome.unavailable, /^instructions are not counted: perf failed: /)
})
