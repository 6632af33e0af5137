import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MovingBlock } from '../../../harness/commands/live/moving-block.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { Terminal } from '../../support/terminal.ts'

/** A block on a terminal, to which standard error leads too; `lines` is what it shows. */
function blockOn(terminal = new Terminal(), setting: { isErrorRedirected?: boolean } = {}) {
  const clock = new ManualClock()
  const errorFile: string[] = []
  const toTerminal = { isTTY: true, write: (text: string) => terminal.write(text) }
  const toFile = { isTTY: false, write: (text: string) => errorFile.push(text) }
  const stderr = setting.isErrorRedirected ? toFile : toTerminal
  const shown = { lines: ['first', 'second 1'] }
  const drawn = (cells: number, rows: number) =>
    shown.lines.slice(0, rows).map((text) => [{ text: text.slice(0, cells) }])
  const block = new MovingBlock(terminal, { clock, beside: [stderr] }, drawn)
  const show = (...lines: string[]): void => {
    shown.lines = lines
    block.changed()
  }
  return { block, clock, terminal, stderr, errorFile, show, next: () => clock.advanceTo(clock.now() + 250) }
}

test('The block is drawn four times a second at the most, however often what it shows changes', async () => {
  const { block, clock, terminal, show } = blockOn()
  block.open()
  terminal.writes.length = 0
  const framesAt: number[] = []
  for (let ms = 10; ms <= 1000; ms += 10) {
    show('first', `second ${ms}`)
    await clock.advanceTo(ms)
    if (terminal.writes.splice(0).length > 0) framesAt.push(ms)
  }
  assert.deepEqual(framesAt, [250, 500, 750, 1000])
  assert.deepEqual(terminal.lines(), ['first', 'second 1000'])
})

test('Only the line that changed is written, and where none did nothing is', async () => {
  const { block, clock, terminal, show, next } = blockOn()
  block.open()
  await next()
  terminal.writes.length = 0
  show('first', 'second 2')
  await next()
  assert.equal(terminal.writes.length, 1)
  assert.ok(!terminal.writes[0]!.includes('first'))
  assert.deepEqual(terminal.lines(), ['first', 'second 2'])
  await clock.advanceTo(clock.now() + 5000)
  assert.equal(terminal.writes.length, 1)
})

test('It is drawn once a second where nobody says that something changed, for time goes on', async () => {
  const terminal = new Terminal()
  const clock = new ManualClock()
  const drawn = () => [[{ text: `${clock.now()} ms` }]]
  new MovingBlock(terminal, { clock, beside: [] }, drawn).open()
  await clock.advanceTo(3500)
  assert.deepEqual(terminal.lines(), ['3000 ms'])
})

test('Lines that stay stand above it, in order, on a screen that scrolls too', async () => {
  const { block, terminal, show, next } = blockOn(new Terminal({ rows: 4 }))
  block.stay([{ text: 'before' }])
  block.open()
  for (let at = 1; at <= 6; at++) {
    block.stay([{ text: `stays ${at}` }])
    if (at % 2 === 0) await next()
    show('first', `second ${at}`)
  }
  await next()
  const stayed = ['before', ...[1, 2, 3, 4, 5, 6].map((at) => `stays ${at}`)]
  assert.deepEqual(terminal.lines(), [...stayed, 'first', 'second 6'])
  block.close()
  assert.deepEqual(terminal.lines(), stayed)
})

test('A block that gets shorter or longer leaves nothing of what it was', async () => {
  const { block, terminal, show, next } = blockOn()
  block.open()
  for (const lines of [['one', 'two', 'three'], ['one'], ['a', 'b'], []]) {
    show(...lines)
    await next()
    assert.deepEqual(terminal.lines(), lines)
  }
})

test('What others write lands above it, from standard output and from standard error', async () => {
  const { block, terminal, stderr, next } = blockOn()
  block.open()
  await next()
  stderr.write('a warning\n')
  terminal.write('a table\nof two lines\n')
  await next()
  const above = ['a warning', 'a table', 'of two lines']
  assert.deepEqual(terminal.lines(), [...above, 'first', 'second 1'])
  block.stay([{ text: 'stays' }])
  stderr.write('later\n')
  await next()
  assert.deepEqual(terminal.lines(), [...above, 'stays', 'later', 'first', 'second 1'])
})

test('A line that somebody else has not ended goes on before the block comes back', async () => {
  const { block, clock, terminal, stderr, next } = blockOn()
  block.open()
  await next()
  stderr.write('waiting ')
  stderr.write('...')
  assert.deepEqual(terminal.lines(), ['waiting ...'])
  stderr.write(' done\n')
  await next()
  assert.deepEqual(terminal.lines(), ['waiting ... done', 'first', 'second 1'])
  stderr.write('and no end')
  await clock.advanceTo(clock.now() + 1000)
  assert.deepEqual(terminal.lines(), ['waiting ... done', 'and no end', 'first', 'second 1'])
})

test('Standard error that goes into a file is left alone', async () => {
  const { block, terminal, stderr, errorFile, next } = blockOn(new Terminal(), { isErrorRedirected: true })
  block.open()
  await next()
  terminal.writes.length = 0
  stderr.write('into the file\n')
  assert.deepEqual(errorFile, ['into the file\n'])
  assert.deepEqual(terminal.writes, [])
})

for (const reflows of [true, false])
  test(`A window that changes its width keeps one block and all that is above it (${reflows ? 'lines are' : 'no line is'} broken anew)`, async () => {
    const { block, terminal, show, next } = blockOn(new Terminal({ columns: 60, reflows }))
    block.open()
    const long = (word: string): string => `${word} `.repeat(20).trim()
    block.stay([{ text: 'stays' }])
    show(long('first'), long('second'))
    await next()
    for (const columns of [45, 41, 100, 40, 200, 60]) {
      terminal.resize(columns)
      await next()
      const fits = (text: string): string => text.slice(0, columns - 1).trimEnd()
      assert.deepEqual(terminal.lines(), ['stays', fits(long('first')), fits(long('second'))], `${columns} columns`)
    }
    assert.equal(terminal.wraps, 0)
  })

test('It is no higher than the window, less a row', async () => {
  const { block, terminal, show, next } = blockOn(new Terminal({ rows: 3 }))
  block.open()
  show('one', 'two', 'three', 'four')
  await next()
  assert.deepEqual(terminal.lines(), ['one', 'two'])
})

test('The terminal gets back all that was taken from it', async () => {
  const { block, clock, terminal, stderr, next } = blockOn()
  const writes = [terminal.write, stderr.write]
  const listenersOfExit = process.listenerCount('exit')
  for (let round = 1; round <= 2; round++) {
    block.open()
    await next()
    assert.ok(!terminal.isCursorVisible)
    block.close()
    block.close()
    assert.deepEqual(terminal.lines(), [])
    assert.ok(terminal.isCursorVisible)
    assert.deepEqual([terminal.write, stderr.write], writes)
    assert.deepEqual([terminal.listenerCount, process.listenerCount('exit')], [0, listenersOfExit])
  }
  terminal.writes.length = 0
  await clock.advanceTo(clock.now() + 5000)
  assert.deepEqual(terminal.writes, [])
})

test('Only what has a tone has a colour', async () => {
  const { block, terminal } = blockOn()
  block.stay([{ text: 'fine ' }, { text: 'broken', tone: 'red' }])
  assert.equal(terminal.writes.join(''), 'fine \x1b[31mbroken\x1b[39m\n')
})

const opened = `
  import { MovingBlock } from ${JSON.stringify(new URL('../../../harness/commands/live/moving-block.ts', import.meta.url).href)}
  import { systemClock } from ${JSON.stringify(new URL('../../../harness/clock.ts', import.meta.url).href)}
  process.stdout.isTTY = true
  const setting = { clock: systemClock, beside: [] }
  const block = new MovingBlock(process.stdout, setting, () => [[{ text: 'moves' }]])
  block.open()
  block.stay([{ text: 'the last that was told' }])
`

for (const [end, code] of [
  ['an exception that nobody catches', 'throw new Error("broken")'],
  ['a promise that nobody catches', 'Promise.reject(new Error("broken"))'],
  [
    'process.exit, as after the second Ctrl-C',
    'process.on("SIGINT", () => process.exit(105)); process.kill(process.pid, "SIGINT")',
  ],
  ['a signal that nobody handles', 'process.kill(process.pid, "SIGTERM")'],
] as const)
  test(`The cursor is back, and the last line told, after ${end}`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-block-'))
    t.after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'program.mjs')
    await writeFile(file, `${opened}\n${code}`)
    const written = await new Promise<string>((resolve) => {
      execFile(process.execPath, [file], (_error, stdout) => resolve(stdout))
    })
    const terminal = new Terminal()
    terminal.write(written)
    assert.ok(written.includes('moves') && terminal.isCursorVisible)
    assert.deepEqual(terminal.lines(), ['the last that was told'])
  })
