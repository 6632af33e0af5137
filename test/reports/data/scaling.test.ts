import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meanWithInterval } from '../../../harness/compare/estimate.ts'
import type { Observation, Series, TrialRecord } from '../../../harness/record/schema.ts'
import { growthOf, scalingCurve } from '../../../reports/data/scaling.ts'
import { theilSen } from '../../../reports/data/theil-sen.ts'
import { makeRecord } from '../../compare/run-builder.ts'

const seconds = Array.from({ length: 31 }, (_, at) => at)
const rss = [{ metric: 'target_rss', stat: 'value' }]

const series = (metric: string, value: (t: number) => number | null): Series => ({
  ...{ metric, stat: 'value', unit: 'count', source: 'engine' },
  t: seconds,
  v: seconds.map(value),
})

/** Sessions rise by 10 a second for 20 s, then fall. */
const ramp = (t: number) => (t <= 20 ? 10 * t : 200 - 20 * (t - 20))

const trial = (all: Series[], change: Partial<TrialRecord> = {}): TrialRecord =>
  makeRecord(['s', 'base', 1], [], { series: all, ...change })

const observed = (metric: string, stat: string, value: number): Observation => ({
  ...{ metric, stat, value, unit: 'count', better: 'none', source: 'engine' },
})

const users = (vus: (t: number) => number, most: number, dropped = 0): TrialRecord =>
  trial([series('vus', vus)], {
    observations: [observed('vus_max', 'value', most), observed('dropped_iterations', 'count', dropped)],
  })

test('The line of Theil and Sen is that of the points, wherever a fifth of them lies.', () => {
  const points = seconds.map((x): [number, number] => [x, x % 5 === 3 ? 1e6 : 7 + 2 * x])
  assert.deepEqual(theilSen(points), { slope: 2, intercept: 7 })
})

test('Points that all stand at one place have no line.', () => {
  assert.equal(theilSen([]), null)
  assert.equal(theilSen([[1, 1]]), null)
  assert.equal(
    theilSen([
      [1, 1],
      [1, 2],
    ]),
    null,
  )
})

test('Sessions grow until they are most, with open sockets before users.', () => {
  assert.equal(growthOf(trial([series('vus', () => 5), series('ws_sessions_open', ramp)]))?.untilS, 20)
  assert.equal(growthOf(users(ramp, 200))?.sessions.metric, 'vus')
})

test('Users of an open load, who are as many as wait for the server, are no growth.', () => {
  assert.equal(growthOf(users(ramp, 300)), null, 'more stand ready')
  assert.equal(growthOf(users(ramp, 200, 3)), null, 'the load dropped iterations')
  assert.equal(growthOf(trial([series('vus', ramp)])), null, 'nothing says how many there are')
})

const notGrowing: Record<string, (t: number) => number> = {
  'are always as many': () => 100,
  'come at once': (t) => (t === 0 ? 1 : 100),
  'rise and fall, as an open load makes them': (t) => 50 + 40 * Math.sin(t * 2) + t,
  'begin near their top': (t) => 90 + Math.min(10, t),
}

for (const [what, sessions] of Object.entries(notGrowing)) {
  test(`Sessions that ${what} have no scaling curve.`, () => {
    const record = trial([series('ws_sessions_open', sessions), series('target_rss', () => 100)])
    assert.equal(scalingCurve([record], null, rss), null)
  })
}

test('What one more costs is the slope while they grow, with an interval over the trials.', () => {
  const slopes = [0.05, 0.06, 0.07]
  const trials = slopes.map((slope) =>
    trial([series('ws_sessions_open', ramp), series('target_rss', (t) => 80 + slope * ramp(t) + (t > 20 ? 500 : 0))]),
  )
  const curve = scalingCurve(trials, null, rss)!
  const expected = meanWithInterval(slopes)
  for (const bound of ['estimate', 'lower', 'upper'] as const) {
    assert.ok(Math.abs(curve.slope[bound]! - expected[bound]!) < 1e-9, bound)
  }
  assert.equal(curve.trials, 3)
  assert.equal(curve.points.length, 63)
  assert.ok(Math.abs(curve.line.intercept - 80) < 1e-9)
})

test('What a request costs is told where the load changed their rate, and not by how one second differs from another.', () => {
  const rates = [{ metric: 'http_reqs', stat: 'rate' }]
  const withRate = (rate: (t: number) => number) => {
    const all = [series('ws_sessions_open', ramp), { ...series('http_reqs', rate), stat: 'rate' }]
    return trial([...all, series('target_rss', (t) => 80 + 0.5 * rate(t))])
  }
  const perRequest = scalingCurve([withRate((t) => 10 + 5 * t)], rates, rss)
  assert.ok(Math.abs(perRequest!.slope.estimate - 0.5) < 1e-9)
  assert.equal(scalingCurve([withRate((t) => 100 + (t % 7))], rates, rss), null)
})

test('One trial has a slope and no interval; one that failed gives nothing.', () => {
  const all = [series('ws_sessions_open', ramp), series('target_rss', (t) => 80 + ramp(t))]
  const failed = trial(all, { failure: { stage: 'target', message: 'died', outputTail: [] } })
  const { slope, trials } = scalingCurve([trial(all), failed], null, rss)!
  assert.deepEqual([slope.lower, slope.upper, trials], [null, null, 1])
  assert.equal(scalingCurve([failed], null, rss), null)
})
