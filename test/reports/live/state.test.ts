import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrialReadings, type ValueNow } from '../../../reports/live/figures.ts'
import {
  afterUpdate,
  firstState,
  joined,
  type LiveReading,
  type LiveUpdate,
  mostLines,
  mostSeconds,
} from '../../../reports/live/state.ts'
import { recordedProgress } from '../../support/recorded-progress.ts'

const reading = (changes: Partial<LiveReading> = {}): LiveReading => ({
  figure: 'latency',
  line: 'p95',
  subject: 'HTTP service time',
  unit: 'ms',
  value: 12,
  ...changes,
})
const second = (at: number, ...readings: LiveReading[]): LiveUpdate => ({ seconds: [{ at, readings }] })
const stateAfter = (...updates: LiveUpdate[]) => updates.reduce(afterUpdate, firstState('weir run main'))
const trial = { number: 2, title: 'trial 2/6' }

test('A trial that begins takes with it what was known of the one before, and not what was said', () => {
  const state = stateAfter(
    { lines: [{ text: 'the question', isFault: false }] },
    { ...second(1, reading()), stage: 'measuring', load: { elapsedS: 1, durationS: 9 } },
    { trial },
  )
  assert.deepEqual([state.series, state.stage, state.load, state.trial], [[], '', null, trial])
  assert.deepEqual(state.lines, [{ text: 'the question', isFault: false }])
})

test('Two updates as one say what both say one after the other, also where a trial begins between them', () => {
  const course = { spentS: 3, leftS: 9, isLimit: false }
  const updates: LiveUpdate[] = [
    { ...second(1, reading()), stage: 'measuring', course },
    { ...second(2, reading({ value: 13 })), lines: [{ text: '1/6', isFault: false }] },
    { trial },
    { stage: 'boot', lines: [{ text: 'gone', isFault: true }] },
    second(1, reading({ value: 14 })),
    { ending: { outcome: 'finished', report: 'report.html', verdicts: '' } },
  ]
  for (let at = 0; at < updates.length; at++) {
    const [before, after] = [updates.slice(0, at), updates.slice(at)]
    const together = after.reduce(joined)
    assert.deepEqual(stateAfter(...before, together), stateAfter(...updates), `from update ${at} on`)
  }
})

test('What is kept is bounded: seconds of a trial, and lines', () => {
  const seconds = Array.from({ length: mostSeconds + 50 }, (_, at) => second(at, reading({ value: at })))
  const lines = Array.from({ length: mostLines + 50 }, (_, at) => ({ lines: [{ text: `${at}`, isFault: false }] }))
  const state = stateAfter(...seconds, ...lines)
  assert.equal(state.series[0]!.points.length, mostSeconds)
  assert.deepEqual(state.series[0]!.points[0], [50, 50])
  assert.equal(state.lines.length, mostLines)
  assert.equal(state.lines[0]!.text, '50')
})

test('A figure that has come to show another metric begins anew; one of which a second has nothing stays, with a gap', () => {
  const state = stateAfter(
    second(1, reading({ subject: 'Iteration length' }), reading({ figure: 'memory', line: '', value: 90 })),
    second(2, reading({ line: 'p50', value: 5 }), reading()),
  )
  assert.deepEqual(
    state.series.map(({ figure, line, subject, points }) => [figure, line, subject, points]),
    [
      ['memory', '', 'HTTP service time', [[1, 90], [2, null]]], // biome-ignore format: one row
      ['latency', 'p50', 'HTTP service time', [[2, 5]]],
      ['latency', 'p95', 'HTTP service time', [[2, 12]]],
    ],
  )
})

test('Of a second the figures show the primary metric before HTTP, open sessions before users, and what the target says', () => {
  const { second: values } = recordedProgress[0]!
  const told = new TrialReadings('turn_intended_duration')
    .of(values)
    .map(({ figure, line, subject }) => [figure, line, subject])
  assert.deepEqual(told, [
    ['latency', 'p95', 'turn intended duration'],
    ['rate', '', 'Operations'],
    ['sessions', '', 'WebSocket sessions open'],
    ['event-loop', 'p99', 'Event-loop delay'],
    ['memory', '', 'Memory (RSS)'],
  ])
  assert.deepEqual(new TrialReadings('').of(values)[0], { figure: 'latency', line: 'p95', subject: 'HTTP service time', unit: 'ms', value: 5 }) // biome-ignore format: one row
  const nothing = { metric: 'http_req_intended_duration', stat: 'p(95)', unit: 'ms', value: null } as const
  assert.equal(new TrialReadings('').of([nothing, ...values])[0]!.subject, 'HTTP service time')
})

test('In a stall a figure keeps its metric and what it was before, and has no number of the seconds without any', () => {
  const of = (ownMs: number | null, httpMs: number | null): ValueNow[] => [
    { metric: 'turn', stat: 'p(95)', unit: 'ms', value: ownMs },
    { metric: 'http_req_duration', stat: 'p(95)', unit: 'ms', value: httpMs },
  ]
  const readings = new TrialReadings('turn')
  const seconds = [of(null, 5), of(31, 5), of(null, 6), [], of(null, null), of(33, 5)]
  const state = stateAfter(...seconds.map((values, at) => second(at + 1, ...readings.of(values))))
  assert.deepEqual(
    state.series.map(({ subject, points }) => [subject, points]),
    [['turn', [[2, 31], [3, null], [4, null], [5, null], [6, 33]]]], // biome-ignore format: one row
  )
})
