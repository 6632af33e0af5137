import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LiveView } from '../../../harness/commands/live/view.ts'
import type { LoadProgress } from '../../../harness/engine/port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { recordedProgress } from '../../support/recorded-progress.ts'
import { Terminal } from '../../support/terminal.ts'

const course = () => ({ spentS: 30, leftS: 90, isLimit: false })
const title = { wordings: ['trial 2/12  block 1/3  turns  optimized', '2/12  turns  optimized'], primary: 'ttft' }

function viewOn(terminal: Terminal, env: Record<string, string> = {}) {
  const clock = new ManualClock()
  const view = new LiveView(terminal, course, { clock, env, beside: [] })
  /** Goes through a load second by second, warnings and all. */
  const measure = async (progress: readonly LoadProgress[], given = title): Promise<void> => {
    view.trialStarted(given)
    view.stage('warming up')
    await clock.advanceTo(clock.now() + 1700)
    view.stage('measuring')
    for (const each of progress) {
      await clock.advanceTo(clock.now() + 1000)
      view.progress(each)
    }
    await clock.advanceTo(clock.now() + 250)
  }
  return { clock, view, measure }
}

const block = (terminal: Terminal): string[] => terminal.lines().slice(-4)

test('Nothing wraps and nothing is left behind on any terminal from 40 to 200 columns', async () => {
  for (let columns = 40; columns <= 200; columns++) {
    const terminal = new Terminal({ columns })
    const { view, measure } = viewOn(terminal)
    view.line(`What does the cache cost, and ${'what is it worth? '.repeat(9)}`)
    await measure(recordedProgress)
    view.line('/a/path/without/any/space'.repeat(9), { tone: 'red' })
    await measure(recordedProgress.slice(0, 3), { ...title, wordings: ['基準'.repeat(60)] })
    assert.equal(terminal.wraps, 0, `${columns} columns`)
    const [runs, bar, load, target] = block(terminal)
    assert.match(runs!, /^基準.*…$/)
    assert.match(bar!, /^█+░+ {2}25% {2}90 s left$/)
    assert.match(load!, /^600 sessions {2}1,248\/s .*p95 5 ms/)
    assert.match(target!, /^0 errors .*1\.24 ms .*102 MB/)
    view.end()
    const told = terminal.lines().map((line) => line.trim())
    assert.match(told.join(''), /(\/a\/path\/without\/any\/space){9}$/)
  }
})

test('It holds while the window is made narrower and wider, and colours take no room', async () => {
  const terminal = new Terminal({ columns: 120 })
  const { clock, view, measure } = viewOn(terminal)
  view.line('a line that stays')
  await measure(recordedProgress.slice(0, 11))
  for (const columns of [60, 40, 200, 80]) {
    terminal.resize(columns)
    await clock.advanceTo(clock.now() + 250)
    assert.equal(terminal.lines().length, 5, `${columns} columns`)
    assert.equal(terminal.lines()[0], 'a line that stays')
    assert.ok(block(terminal)[1]!.endsWith('25%  90 s left'))
    assert.ok(block(terminal).every((line) => line.length < columns))
  }
  assert.equal(terminal.wraps, 0)
  assert.ok(terminal.writes.join('').includes('\x1b[31m3 errors\x1b[39m'))
})

test('A trial begins without the seconds of the one before', async () => {
  const terminal = new Terminal()
  const { measure } = viewOn(terminal)
  await measure(recordedProgress)
  await measure([])
  assert.deepEqual(terminal.lines(), [
    'trial 2/12  block 1/3  turns  optimized  measuring',
    `${'█'.repeat(15)}${'░'.repeat(45)}  25%  90 s left`,
  ])
})

test('What is not known is left out: of users without sockets, a target without probe, a second without answers', async () => {
  const terminal = new Terminal()
  const { measure } = viewOn(terminal)
  const [first, second] = recordedProgress
  const ofOwn = [{ metric: 'ttft', stat: 'p(95)', unit: 'ms' as const, value: 31 }]
  await measure([{ ...first!, second: ofOwn }, { ...second!, second: [{ ...ofOwn[0]!, value: null }], failed: 1 }]) // biome-ignore format: one list
  assert.deepEqual(block(terminal).slice(2), ['400 users  ttft p95 – ▅', '1 error'])
})

test('In a stall a line has no number of the newest second, stays with its metric and leaves a gap', async () => {
  const terminal = new Terminal()
  const { measure } = viewOn(terminal)
  const of = (ownMs: number | null, perS?: number): LoadProgress['second'] => [
    { metric: 'ttft', stat: 'p(95)', unit: 'ms', value: ownMs },
    { metric: 'http_req_duration', stat: 'p(95)', unit: 'ms', value: 5 },
    ...(perS === undefined ? [] : [{ metric: 'throughput', stat: 'value', unit: 'per second' as const, value: perS }]),
  ]
  const seconds = [of(31, 90), of(null), of(40, 99), of(null)]
  await measure(seconds.map((second, at) => ({ ...recordedProgress[at]!, second })))
  assert.match(block(terminal)[2]!, /^800 users {2}– ▁ █ +ttft p95 – ▁ █$/)
})

test('Figures that do not fit even in short words are left out from the end', async () => {
  const terminal = new Terminal({ columns: 40 })
  const { measure } = viewOn(terminal)
  await measure(recordedProgress.map((each) => ({ ...each, failed: 1_234_567 })))
  assert.match(block(terminal)[3]!, /^1,234,567 errors {2}loop 1\.24 ms [▁-█]{8}$/)
})

for (const [where, isTTY, env] of [
  ['a file', false, {}],
  ['CI', true, { CI: 'true' }],
  ['a dumb terminal', true, { TERM: 'dumb' }],
  ['a terminal of somebody who wants no colours', true, { NO_COLOR: '1' }],
] as const)
  test(`Into ${where} go plain lines, as long as they are, without escape codes`, async () => {
    const terminal = Object.assign(new Terminal(), { isTTY })
    const { view, measure } = viewOn(terminal, env)
    const long = 'a line '.repeat(30)
    view.line(long, { live: ['short'] })
    await measure(recordedProgress)
    view.line('\x1b[31mlast words\x1b[0m of a process', { tone: 'red' })
    view.end()
    assert.deepEqual(terminal.writes, [`${long}\n`, 'last words of a process\n'])
  })

test('A message of several lines keeps them, and an empty line stays empty', () => {
  const terminal = new Terminal()
  const { view } = viewOn(terminal)
  view.line('first\nsecond')
  view.line('')
  view.line('third')
  assert.deepEqual(terminal.lines(), ['first', 'second', '', 'third'])
})
