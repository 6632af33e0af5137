import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observeSlices, type SlicedTarget, storedSlices, type WatchedSlice } from '../../harness/observe/slices.ts'
import type { OutsideSample, ProbeSample } from '../../harness/target/port.ts'
import { outsideSample, probeSample } from '../support/target-samples.ts'

const outside = (atMs: number, cpuMs: number, rssBytes = 100e6): OutsideSample =>
  outsideSample({ atMs, cpuMs, rssBytes, peakRssBytes: rssBytes })

const inside = (atMs: number, eventLoopUtilization: number, heapMB = 1): ProbeSample =>
  probeSample({ atMs, eventLoopUtilization, heapUsedBytes: heapMB * 1e6 })

/** Two slices of a second, at 10 s and 15 s, each drained for 100 ms, in which 50 ms of CPU are used. */
const slices: WatchedSlice[] = [
  { startMs: 10_000, endMs: 11_000, drainedMs: 11_100, cpuMs: 950 },
  { startMs: 15_000, endMs: 16_000, drainedMs: 16_100, cpuMs: 1050 },
]
const samples = [
  ...[outside(9000, 0), outside(10_000, 0), outside(10_500, 450), outside(11_000, 900), outside(11_100, 950)],
  // While the other had its turn: a peak of memory, and some work.
  outside(13_000, 1026, 900e6),
  ...[outside(15_000, 1028), outside(16_000, 2028, 120e6), outside(16_100, 2078)],
]
const target: SlicedTarget = { slices, outside: samples, inside: [], instructions: { unavailable: 'not here' } }
const context = { bootMs: 80, cores: 1, phase: 'loop', operations: 500 }

const valuesOf = (changes: Partial<SlicedTarget> = {}, of = context) =>
  Object.fromEntries(
    observeSlices({ ...target, ...changes }, of).observations.map(({ metric, stat, value }) => [
      `${metric} ${stat}`,
      value,
    ]),
  )

test('CPU of an operation is what was used from slice to drain, over all operations; not what was used in between', () => {
  assert.equal(valuesOf()['target_cpu_per_op value'], 2000 / 500)
})

test('What was used in between is a share of the time between', () => {
  assert.ok(Math.abs(valuesOf()['target_cpu_between value']! - 78 / 3900) < 1e-9)
})

test('How busy the core was is told from slice to drain, with what the host took in that time', () => {
  assert.equal(valuesOf()['target_core_busy value'], 2000 / 2200)
  const stolen = target.outside.map((look) => ({ ...look, stolenMs: look.atMs - target.outside[0]!.atMs }))
  assert.equal(valuesOf({ outside: stolen })['target_cpu_stolen value'], 1)
})

test('The heap has a size at any time from the first slice on', () => {
  const looks = [inside(9_000, 0, 70), inside(10_990, 0, 50), inside(13_000, 0, 60), inside(99_000, 0, 90)]
  assert.equal(valuesOf({ inside: looks })['target_heap_used_peak value'], 60)
})

test('Memory is that of the slices without drains', () => {
  const values = valuesOf()
  assert.equal(values['target_rss_peak value'], 120)
  assert.equal(values['target_boot value'], 80)
})

test('Instructions of all slices are divided like CPU', () => {
  assert.equal(valuesOf({ instructions: { count: 1e6 } })['target_instructions_per_op value'], 2000)
  assert.equal(valuesOf()['target_instructions_per_op value'], undefined)
})

test('Without a look before or after a slice nothing is said of CPU; without operations nothing of their cost', () => {
  const values = valuesOf({ slices: [{ ...slices[0]!, cpuMs: null }, slices[1]!] })
  assert.deepEqual([values['target_cpu_per_op value'], values['target_cpu_between value']], [undefined, undefined])
  assert.equal(valuesOf({}, { ...context, operations: 0 })['target_cpu_per_op value'], undefined)
})

test('Of the seconds that a probe tells only those within a slice count', () => {
  const numbers = observeSlices(
    { ...target, inside: [inside(10_990, 0.1), inside(11_000, 0.8), inside(13_000, 0)] },
    context,
  )
  assert.equal(numbers.wholeSecondsInside, 1)
  const utilization = numbers.observations.find(({ metric }) => metric === 'target_event_loop_utilization')!
  assert.equal(utilization.value, 0.8)
})

test('Series are on the axis of the slices alone', () => {
  const memory = observeSlices(target, context).series.find(({ metric }) => metric === 'target_rss')!
  assert.deepEqual(memory.t, [0, 0.5, 1, 2])
  assert.deepEqual(memory.v, [100, 100, 100, 120])
})

test('Series of many short slices have a point every quarter of a second', () => {
  const short = Array.from({ length: 20 }, (_, at) => ({
    ...{ startMs: 1000 * at, endMs: 1000 * at + 50, drainedMs: 1000 * at + 60, cpuMs: 50 },
  }))
  const looks = short.flatMap(({ startMs, endMs, drainedMs }, at) => [
    ...[outside(startMs, 50 * at), outside(endMs, 50 * at + 40), outside(drainedMs, 50 * at + 50)],
  ])
  const { series } = observeSlices({ ...target, slices: short, outside: looks }, context)
  assert.deepEqual(series.find(({ metric }) => metric === 'target_rss')!.t, [0, 0.25, 0.5, 0.75, 1])
  const cpu = series.find(({ metric }) => metric === 'target_cpu')!
  assert.deepEqual(
    [cpu.t, cpu.v],
    [
      [0.125, 0.375, 0.625, 0.875],
      [0.8, 0.8, 0.8, 0.8],
    ],
  )
})

test('A record states its slices in seconds of the pair', () => {
  assert.deepEqual(storedSlices(slices, 9000), [
    { startS: 1, endS: 2, drainedS: 2.1 },
    { startS: 6, endS: 7, drainedS: 7.1 },
  ])
})
