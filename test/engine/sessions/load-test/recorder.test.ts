import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import type { Second } from '../../../../harness/engine/sessions/load-test/part.ts'
import { type Recorded, Recorder } from '../../../../harness/engine/sessions/load-test/recorder.ts'
import { MetricRegistry } from '../../../../harness/metrics/registry.ts'

let nowMs = 0
let told: Second[] = []
let recorder: Recorder
let registry: MetricRegistry
let counts: Recorded['counts']

const pass = (ms: number): void => {
  for (let passed = 0; passed < ms; passed++) {
    nowMs++
    mock.timers.tick(1)
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] })
  nowMs = 5_000
  told = []
  registry = new MetricRegistry()
  registry.builtin('iterations')
  counts = { vusActive: 0, vusInitialized: 0, socketsOpen: 0, iterationsCompleted: 0, iterationsInterrupted: 0 }
  const context = { registry, counts, now: () => nowMs, options: { notes: { operation: 'iterations' } } }
  recorder = new Recorder(context, (second) => told.push(second))
})

afterEach(() => {
  recorder.stop()
  mock.timers.reset()
})

test('No second is cut at its very end, when much is due', () => {
  recorder.start(nowMs, [])
  const cutAt: number[] = []
  for (let ms = 1; ms <= 3_100; ms++) {
    pass(1)
    if (told.length > cutAt.length) cutAt.push(ms)
  }
  assert.equal(cutAt.length, 3)
  assert.deepEqual(new Set(cutAt.map((ms) => ms % 1000)), new Set([7]))
  // What a second tells is of a second.
  assert.deepEqual(
    told.slice(1).map(({ overS, isWhole }) => [overS, isWhole]),
    [
      [1, true],
      [1, true],
    ],
  )
})

test('A load that ends with its second has told of it as a whole one, and of a rest as such', () => {
  recorder.start(nowMs, [])
  Object.assign(counts, { vusActive: 5, vusInitialized: 5, socketsOpen: 3 })
  pass(2_000)
  // Everybody is gone before the second is cut.
  Object.assign(counts, { vusActive: 0, socketsOpen: 0 })
  pass(2)
  recorder.stop()
  assert.deepEqual(
    told.map(({ index, overS, isWhole, vusActive, socketsOpen }) => [index, overS, isWhole, vusActive, socketsOpen]),
    [
      [1, 1.007, true, 5, 3],
      [2, 0.995, true, 5, 3],
    ],
  )
  told = []
  recorder.start(nowMs, [])
  pass(400)
  recorder.stop()
  assert.deepEqual(
    told.map(({ overS, isWhole }) => [overS, isWhole]),
    [[0.4, false]],
  )
})

test('A slice is cut at its end, so that no rest of it is left for the next', () => {
  recorder.startSlice(nowMs, 1_000, ['flat-out'])
  pass(1_000)
  assert.deepEqual(
    told.map(({ overS }) => overS),
    [1],
  )
  // The drain is in no second.
  pass(50)
  recorder.pause()
  recorder.startSlice(nowMs, 1_000, ['flat-out'])
  pass(1_000)
  assert.deepEqual(
    told.map(({ overS }) => overS),
    [1, 1],
  )
})
