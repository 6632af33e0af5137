import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CalibrationProgress } from '../../../harness/commands/calibrate/progress.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { Terminal } from '../../support/terminal.ts'

const row = { name: 'service time, constant 20 ms', number: 3, rows: 4, isAgain: false, secondsEach: 10 }

async function shownAfter(seconds: number, changes: Partial<typeof row> = {}): Promise<Terminal> {
  const [terminal, clock] = [new Terminal(), new ManualClock()]
  const progress = new CalibrationProgress(terminal, { clock, env: {}, beside: [] })
  progress.rowStarted({ ...row, ...changes })
  await clock.advanceTo(1000 * seconds + 250)
  return terminal
}

const bar = (full: number): string => '█'.repeat(full) + '░'.repeat(60 - full)

test('A calibration shows on a terminal which row is driven, and the time that is left', async () => {
  assert.deepEqual((await shownAfter(4)).lines(), [
    'row 3/4  service time, constant 20 ms  driving',
    `${bar(36)}  60%  16 s left`,
  ])
})

test('A row that is driven again comes after all others, and one that takes longer does not go back in time', async () => {
  const again = await shownAfter(5, { isAgain: true, number: 1 })
  assert.deepEqual(again.lines(), ['again 1  service time, constant 20 ms  driving', `${bar(54)}  90%  5 s left`])
  assert.match((await shownAfter(25)).lines()[1]!, / 75% {2}10 s left$/)
})
