import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoadPrinter } from '../../../harness/commands/load/progress.ts'
import type { ScenarioFacts } from '../../../harness/engine/port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { recordedProgress } from '../../support/recorded-progress.ts'
import { Terminal } from '../../support/terminal.ts'

const facts: ScenarioFacts = {
  notes: { primary: 'turn_intended_duration{scenario:paced} p(95)', operation: 'iterations', capacity: [], sessionsHeldIn: null, phases: null, voidUnless: [] }, // biome-ignore format: what is read of it is in front
  phases: [],
  maxVUs: 1000,
  durationS: 15,
  descriptions: ['paced: up to 1000 looping users for 15s'],
  summaryTrendStats: [],
  warnings: [],
}

async function load(terminal: Terminal, env: Record<string, string> = {}): Promise<LoadPrinter> {
  const clock = new ManualClock()
  const printer = new LoadPrinter(terminal, 'browse.js', { clock, env, beside: [] })
  printer.planned(facts)
  printer.started()
  for (const progress of recordedProgress.slice(0, 6)) {
    await clock.advanceTo(clock.now() + 1000)
    printer.progress(progress)
  }
  await clock.advanceTo(clock.now() + 250)
  return printer
}

test('On a terminal a load is a block that moves, and leaves nothing behind but what it is going to do', async () => {
  const terminal = new Terminal()
  const printer = await load(terminal)
  assert.deepEqual(terminal.lines().map(withoutSparklines), [
    '  paced: up to 1000 looping users for 15s',
    'browse.js  running 6/15 s',
    `${'█'.repeat(24)}${'░'.repeat(36)}  40%  9 s left`,
    '1,000 sessions  1,180/s ~  turn_intended_duration p95 13.1 ms ~',
    '0 errors  event-loop delay p99 1.24 ms ~  memory 112 MB ~',
  ])
  printer.end()
  assert.deepEqual(terminal.lines(), ['  paced: up to 1000 looping users for 15s'])
  assert.equal(terminal.wraps, 0)
})

const withoutSparklines = (line: string): string => line.replace(/ [▁-█]{5,} */g, ' ~  ').trimEnd()

for (const [where, isTTY, env] of [
  ['a file', false, {}],
  ['CI', true, { CI: 'true' }],
  ['a dumb terminal', true, { TERM: 'dumb' }],
] as const)
  test(`Into ${where} goes a line a second, as scripts read it`, async () => {
    const terminal = Object.assign(new Terminal(), { isTTY })
    const printer = await load(terminal, env)
    printer.end()
    assert.deepEqual(terminal.lines().slice(0, 3), [
      '  paced: up to 1000 looping users for 15s',
      '  1s of 15s  200 users  1200 iterations (1200.0/s)',
      '  2s of 15s  400 users  2400 iterations (1200.0/s)',
    ])
    assert.equal(terminal.lines().length, 7)
  })
