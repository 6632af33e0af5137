import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { OracleEntry } from '../../../harness/calibrate/oracle/log.ts'
import { autocannon } from '../../../harness/calibrate/peers/autocannon.ts'
import { figuresOf } from '../../../harness/calibrate/peers/compare.ts'
import { hey } from '../../../harness/calibrate/peers/hey.ts'
import { k6 } from '../../../harness/calibrate/peers/k6.ts'
import type { PeerLoad } from '../../../harness/calibrate/peers/port.ts'
import { wrk } from '../../../harness/calibrate/peers/wrk.ts'

const load: PeerLoad = { url: 'http://127.0.0.1:1', users: 10, seconds: 2.5, perSecond: 100, dir: '/nowhere' }

describe('What a peer says of its latencies', () => {
  it('is read from the table that wrk prints, in any unit', async () => {
    const text = `Running 3s test @ http://127.0.0.1:1
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    27.42ms   13.00ms  50.90ms   57.83%
  Latency Distribution
     50%  900.50us
     75%   38.79ms
     90%   45.93ms
     99%    1.20s
`
    assert.deepEqual(await wrk.read(text, load), { p50: 0.9005, p90: 45.93, p99: 1200 })
  })

  it('is read from what autocannon prints as JSON', async () => {
    const text = JSON.stringify({ latency: { p50: 20, p90: 21, p99: 30, p99_9: 31, average: 20.2 } })
    assert.deepEqual(await autocannon.read(text, load), { p50: 20, p90: 21, p99: 30, 'p99.9': 31 })
  })

  it("is taken from every single one of hey's", async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `${(index + 1) / 10_000},0,0,0,0,0,200,0`)
    const text = `response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n${lines.join('\n')}\n`
    const { p50, p90, p99, 'p99.9': p999 } = await hey.read(text, load)
    assert.deepEqual(
      [p50, p90, p99, p999].map((ms) => ms?.toFixed(1)),
      ['50.0', '90.0', '99.0', '99.9'],
    )
  })

  it('is read from the summary that k6 writes', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'weir-peers-'))
    const summary = { metrics: { http_req_duration: { 'p(50)': 1, 'p(90)': 2, 'p(99)': 3, 'p(99.9)': 4 } } }
    writeFileSync(join(dir, 'k6.json'), JSON.stringify(summary))
    assert.deepEqual(await k6.read('', { ...load, dir }), { p50: 1, p90: 2, p99: 3, 'p99.9': 4 })
    rmSync(dir, { recursive: true })
  })
})

describe('A peer that is asked for a rate', () => {
  it('divides it among its workers where its rate is one for each', () => {
    assert.deepEqual(hey.arguments(load)?.slice(-3), ['-q', '10', load.url])
  })

  it('is left out where it has none', () => {
    assert.equal(wrk.arguments(load), null)
    assert.ok(wrk.arguments({ ...load, perSecond: null })?.includes('--latency'))
  })
})

describe("A peer's row", () => {
  it('counts requests as due evenly, in the order in which they came', () => {
    // 100/s; the third came 30 ms late, and its answer took 5 ms like all.
    const arrivals = [0, 10, 50, 51, 52]
    const entries: OracleEntry[] = arrivals.map((arrivedMs) => ({
      id: -1,
      arrivedMs,
      plannedMs: [arrivedMs + 5],
      releasedMs: [arrivedMs + 5],
    }))
    const figures = figuresOf('some', { truth: 'intended', rate: 100 }, entries, { p50: 5 })
    assert.deepEqual(
      figures.map(({ what, stat, released }) => [what, stat, released]),
      [
        ['some', 'p50', 17],
        ['some', 'p90', 35],
        ['some', 'p99', 35],
        ['some', 'p99.9', 35],
        ['some, rate', '', 100],
      ],
    )
    assert.equal(figures[0]?.verdict, 'out')
  })
})
