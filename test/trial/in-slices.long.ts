import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { ComparisonRequest } from '../../harness/campaign/request.ts'
import { type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { checkConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'
import type { Run, TrialRecord } from '../../harness/record/schema.ts'
import { planTurns } from '../../harness/schedule.ts'
import { silent } from '../support/fake-engine.ts'

const eachHas = 3
const seed = 7

const dir = mkdtempSync(join(tmpdir(), 'weir-slices-'))
after(() => rmSync(dir, { recursive: true }))

// Tells, when it ends, what it saw: the beginning and the end of each request, by a clock that all processes share.
writeFileSync(
  join(dir, 'server.mjs'),
  `import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
const seen = []
createServer((request, response) => {
  if (request.url !== '/') return response.end()
  seen.push([String(process.hrtime.bigint()), 1])
  let sum = 0
  for (let step = 0; step < Number(process.env.WORK); step++) sum += Math.sqrt(step)
  response.on('close', () => seen.push([String(process.hrtime.bigint()), -1]))
  response.end(String(sum))
}).listen(Number(process.argv[2]), '127.0.0.1')
process.on('SIGTERM', () => { writeFileSync(process.env.SEEN, JSON.stringify(seen)); process.exit() })
`,
)
writeFileSync(
  join(dir, 'load.js'),
  `import http from 'k6/http'
export const options = {
  scenarios: { loop: { executor: 'constant-vus', vus: 4, duration: '${eachHas}s' } },
  ext: { weir: { primary: 'http_req_duration p(50)', capacity: ['loop'] } },
}
export default function () { http.get(__ENV.BASE_URL + '/') }
`,
)

const server = (work: string, seen: string) => ({
  command: ['{node}', 'server.mjs', '{port}'],
  ready: { http: '/ready' },
  env: { WORK: work, SEEN: join(dir, seen) },
})

const config = {
  ...checkConfig(
    {
      variants: { light: server('20000', 'light.json'), heavy: server('200000', 'heavy.json') },
      scenarios: { load: { script: 'load.js', pairs: { slices: { length: '1s' } } } },
      campaigns: {},
    },
    'weir.config.ts',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
}

const comparison: ComparisonRequest = {
  variant: 'heavy',
  against: 'light',
  budgetMs: 60_000,
  mostPairs: 1,
  metricsOf: ({ name, primary }) => [{ scenario: name, metric: primary, margins: { change: 0.01, equivalence: 0.03 } }],
  statistics: { planLooks: () => [1], statesOf: () => new Map() },
}

const request: CampaignRequest = {
  name: 'heavy against light',
  campaign: {
    ...{ question: 'Is heavy as fast as light?', variants: ['light', 'heavy'], scenarios: ['load'], baseline: 'light' },
    ...{ blocks: 1, moreBlocks: 0, quick: { blocks: 1 } },
  },
  ...{ quick: false, seed, asked: { variants: [], scenarios: [], blocks: null }, comparison },
}

/** What both servers saw, in the order in which it happened. */
function seenByBoth(): { side: string; began: number }[] {
  const seenBy = (side: string, file: string) =>
    (JSON.parse(readFileSync(join(dir, file), 'utf8')) as [string, number][]).map(([atNs, began]) => ({
      side,
      began,
      atNs: BigInt(atNs),
    }))
  return [...seenBy('A', 'light.json'), ...seenBy('B', 'heavy.json')].sort((a, b) => (a.atNs < b.atNs ? -1 : 1))
}

describe('A pair in slices', () => {
  let run: Run
  const expectedTurns = () => {
    const started = run.records.toSorted((one, other) => one.key.position - other.key.position)
    return planTurns(eachHas, 2, seed + 1).map((index) => started[index]!.key.side)
  }
  let light: TrialRecord
  let heavy: TrialRecord
  before(async () => {
    ;({ run } = await runCampaign(config, request, engines, silent, new AbortController().signal))
    light = run.records.find(({ variant }) => variant === 'light')!
    heavy = run.records.find(({ variant }) => variant === 'heavy')!
  })

  it('is two records, one of each side, which both state their slices', () => {
    assert.deepEqual([run.header.status, run.header.comparison!.mode, run.records.length], ['finished', 'slices', 2])
    for (const { failure, slices, phases, key } of run.records) {
      assert.equal(failure, undefined)
      assert.equal(slices!.length, eachHas)
      assert.deepEqual(phases, [{ name: 'loop', startS: 0, endS: eachHas }])
      assert.equal(key.pair, 1)
    }
  })

  it('has its turns in the order that the seed says, and never two at once', () => {
    const turns = [
      ...light.slices!.map((slice) => ({ side: 'A', ...slice })),
      ...heavy.slices!.map((slice) => ({ side: 'B', ...slice })),
    ].sort((a, b) => a.startS - b.startS)
    assert.deepEqual(
      turns.map(({ side }) => side),
      expectedTurns(),
    )
    for (const [index, { startS, endS, drainedS }] of turns.entries()) {
      assert.ok(startS < endS && endS <= drainedS, 'a slice ends with its drain')
      assert.ok(index === 0 || turns[index - 1]!.drainedS <= startS, 'and the next begins behind that')
    }
  })

  it('leaves a server without any request while the other has its turn', () => {
    const seen = seenByBoth()
    const underWay = { A: 0, B: 0 }
    const sides: string[] = []
    for (const { side, began } of seen) {
      underWay[side as 'A' | 'B'] += began
      if (sides.at(-1) !== side) sides.push(side)
      assert.equal(underWay[side === 'A' ? 'B' : 'A'], 0)
    }
    const expected = expectedTurns().filter((side, index, all) => side !== all[index - 1])
    assert.deepEqual(sides, expected)
  })

  it('counts every request once, on its own side', () => {
    const requests = seenByBoth().filter(({ began }) => began === 1)
    for (const { observations, key } of run.records) {
      const counted = observations.find(({ metric, stat, scenario, phase }) =>
        [metric, stat, scenario, phase].every((each, at) => each === ['http_reqs', 'count', undefined, undefined][at]),
      )
      assert.equal(counted!.value, requests.filter(({ side }) => side === key.side).length)
    }
  })

  it('finds more CPU in the operations of a server that does more, and states what was used between slices', () => {
    const loopValue = ({ observations }: TrialRecord, name: string) =>
      observations.find(({ metric, phase }) => metric === name && phase === 'loop')!.value
    assert.ok(loopValue(heavy, 'target_cpu_per_op') > loopValue(light, 'target_cpu_per_op'))
    assert.ok(loopValue(heavy, 'throughput') > 0)
    for (const record of run.records) assert.ok(loopValue(record, 'target_cpu_between') >= 0)
  })

  it('tells a second of the load for each second of its slices, as if they had followed one another', () => {
    for (const { series } of run.records) {
      const rate = series.find(({ metric }) => metric === 'iterations')!
      assert.deepEqual(
        rate.t.map((atS) => Math.floor(atS)),
        [0, 1, 2],
      )
    }
  })
})
