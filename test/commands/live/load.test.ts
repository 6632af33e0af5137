import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { LiveState, LiveUpdate } from '../../../reports/live/state.ts'
import { afterUpdate } from '../../../reports/live/state.ts'
import { runWeir, type Started, startWeir } from '../../end-to-end/weir.ts'
import { type LiveReader, liveReader } from '../../support/live-reader.ts'

function folderWith(t: TestContext, script: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-live-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'load.js'), script)
  return dir
}

/** Reads until the state is as wanted. @returns it */
async function stateOf(reader: LiveReader, isWanted: (state: LiveState) => boolean): Promise<LiveState> {
  let state = (await reader.next()).data as LiveState
  while (!isWanted(state)) state = afterUpdate(state, (await reader.next()).data as LiveUpdate)
  return state
}

async function readerOf(t: TestContext, weir: Started): Promise<LiveReader> {
  let said = ''
  weir.process.stderr!.on('data', (text) => (said += text))
  await weir.says('live: http')
  return await liveReader(t, /^live: (\S+)$/m.exec(said)![1]!)
}

const load = `import { sleep } from 'k6'
  export const options = { vus: 2, duration: __ENV.TIME }
  export default function () { sleep(0.05) }\n`

test('A page of weir load sees its seconds and its summary, and the command ends as it does without', async (t) => {
  const weir = startWeir(folderWith(t, load), ['load', '--quiet', '--live', '-e', 'TIME=2s', 'load.js'])
  const { command, trial, series, ending } = await stateOf(await readerOf(t, weir), (state) => state.ending !== null)
  assert.deepEqual([command, trial], ['weir load load.js', { number: 1, title: 'load.js' }])
  assert.ok(series.some(({ figure, points }) => figure === 'rate' && points.length > 0))
  assert.equal(ending!.outcome, 'finished')
  assert.match(ending!.verdicts, /TOTAL RESULTS[\s\S]*iterations\.+:/)
  const { code, stdout, leftOver } = await weir.finished
  assert.equal(code, 0)
  assert.match(stdout, /^\n+ {2}█ TOTAL RESULTS/)
  assert.deepEqual(leftOver, [])
})

test('After Ctrl-C the page is told, and nothing is held open by it', async (t) => {
  const weir = startWeir(folderWith(t, load), ['load', '--live', '-e', 'TIME=1h', 'load.js'])
  const reader = await readerOf(t, weir)
  await stateOf(reader, ({ load: seen }) => seen !== null)
  weir.process.kill('SIGINT')
  for (let isOver = false; !isOver; ) {
    const { ending } = (await reader.next()).data
    isOver = ending?.outcome === 'interrupted'
  }
  await reader.ended
  const { code, leftOver } = await weir.finished
  assert.equal(code, 105)
  assert.deepEqual(leftOver, [])
})

test('A port that is none is refused before the load', async (t) => {
  const dir = folderWith(t, load)
  const { code, stderr, stdout } = await runWeir(dir, ['load', '--live=abc', '-e', 'TIME=1h', 'load.js'])
  assert.equal(code, 104)
  assert.equal(stderr, 'weir: option --live: expected --live for a free port, or --live=PORT with a number up to 65535, found "abc"\n') // biome-ignore format: one line
  assert.equal(stdout, '')
})
