import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { saturationFile } from '../../../harness/compare/saturation/file.ts'
import { nextRate, saturationOf } from '../../../harness/compare/saturation/saturation.ts'
import { formatSaturationTable } from '../../../harness/compare/saturation/table.ts'
import {
  crossCheckInWords,
  rateInWords,
  remarksOn,
  whyNoHigherRate,
} from '../../../harness/compare/saturation/words.ts'
import type { TrialRecord } from '../../../harness/record/schema.ts'
import { trend } from '../../support/load-result.ts'
import { checked, saturatedRun, swept, tried } from './saturated-run.ts'

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000)

test('Each variant has its curve, its maximum with the knee, and how it stands to the baseline', () => {
  const { variants } = saturationOf(saturatedRun())!
  const [base, other] = variants
  assert.deepEqual(
    base!.throughput.map(({ connections, estimate, blocks }) => [connections, Math.round(estimate), blocks]),
    [
      [1, 101, 2],
      [10, 1010, 2],
      [100, 1010, 2],
    ],
  )
  assert.deepEqual([base!.maximum!.connections, base!.knee.connections, other!.knee.connections], [10, 10, 10])
  assert.equal(base!.againstBaseline, null)
  assert.equal(rounded(other!.againstBaseline!.estimate), -0.5)
  assert.deepEqual(
    base!.latency.map(({ stat, points }) => [stat, points.length]),
    [
      ['p(50)', 3],
      ['p(99)', 3],
    ],
  )
})

test('A trial that may not be used is no point of a curve, and is told of', () => {
  const message = 'the generator was the limit'
  const invalid = [{ code: 'generator-saturated' as const, scenario: 'load', phase: 'load', message }]
  const run = saturatedRun([swept('base', 100, 2, 9999, { invalid })])
  const [base] = saturationOf(run)!.variants
  assert.deepEqual([base!.throughput.at(-1)!.blocks, Math.round(base!.throughput.at(-1)!.estimate)], [1, 1000])
  assert.deepEqual(base!.unusable, { trials: 1, why: message })
})

test('A maximum at which the target was not busy is said to be none of its own', () => {
  const [one, two] = [1, 2].map((block) => swept('base', 100, block, 5000, {}, 0.61))
  const [base, other] = saturationOf(saturatedRun([one!, two!]))!.variants
  assert.deepEqual([base!.maximum!.connections, base!.idleAtMaximum], [100, { busyShare: 0.61 }])
  assert.equal(other!.idleAtMaximum, null)
  const table = formatSaturationTable(saturatedRun([one!, two!]), { width: 80, color: false })
  assert.match(
    table,
    /base: its core was busy 61% of the time at the maximum, and below 90%\s+something else was the limit/,
  )
  assert.doesNotMatch(formatSaturationTable(saturatedRun(), { width: 80, color: false }), /something else/)
})

test('How busy the core was at an idle maximum is the median of its blocks, of those that were watched', () => {
  const blocks = [0.8, 0.3, 0.6].map((coreBusy, at) => swept('base', 100, at + 1, 5000, {}, coreBusy))
  const run = saturatedRun(blocks)
  const idleIn = (records: TrialRecord[]) =>
    saturationOf({ header: { ...run.header, blocks: 3 }, records })!.variants[0]!.idleAtMaximum
  assert.deepEqual(idleIn(run.records), { busyShare: 0.6 })
  const withoutCore = (record: TrialRecord): TrialRecord => ({
    ...record,
    observations: record.observations.filter(({ metric }) => metric !== 'target_core_busy'),
  })
  const unwatched = (blocksOf: number[]) =>
    run.records.map((each) => (blocksOf.includes(each.key.block) ? withoutCore(each) : each))
  assert.deepEqual(idleIn(unwatched([1, 2])), { busyShare: 0.6 })
  assert.deepEqual(idleIn(unwatched([1, 2, 3])), { busyShare: null })
})

const voided: Partial<TrialRecord> = { invalid: [{ code: 'check-failed', message: 'no request was answered' }] }

test('A block that lacks either maximum gives no ratio to the baseline, nor does what one side has alone', () => {
  const ratioWith = (change: TrialRecord[]) => saturationOf(saturatedRun(change))!.variants[1]!.againstBaseline
  const lacking = (variant: string, block: number, counts: number[]) =>
    counts.map((count) => swept(variant, count, block, 1, voided))
  const oneLeft = ratioWith(lacking('base', 2, [10, 100]))
  assert.deepEqual([rounded(oneLeft!.estimate), oneLeft!.lower], [-0.5, null])
  assert.equal(rounded(ratioWith(lacking('other', 1, [10]))!.estimate), -0.5)
  const alone = ratioWith([swept('other', 1, 1, 800), ...lacking('base', 1, [1])])
  assert.equal(rounded(alone!.estimate), -0.5)
  assert.notEqual(alone!.lower, null, 'both blocks count')
})

test('Where no block has both maxima, the cell says that there is no ratio', () => {
  const none = [1, 2].flatMap((block) => [10, 100].map((count) => swept('other', count, block, 1, voided)))
  const run = saturatedRun(none)
  assert.equal(saturationOf(run)!.variants[1]!.againstBaseline, null)
  const table = formatSaturationTable(run, { width: 80, color: false })
  assert.match(table, /^ *other +101.0\/s .* 1 \(1 to 1\), more could not be used +-$/m)
})

test('A step that has not run yet is not told as one that could not be used', () => {
  const run = saturatedRun()
  const records = run.records.filter(({ scenario }) => scenario !== 'turn@100' && scenario !== 'turn@10')
  const { knee } = saturationOf({ ...run, records })!.variants[0]!
  assert.deepEqual([knee.connections, knee.isAtEnd, knee.isCutShort], [1, true, false])
})

test('Steps below the knee of which too little can be used are named beside it', () => {
  const run = saturatedRun([swept('base', 10, 1, 1, voided), swept('base', 10, 2, 1, voided)])
  assert.deepEqual(remarksOn(saturationOf(run)!.variants[0]!), [
    'with 10 connections too little can be used: the knee may lie there',
  ])
  assert.match(
    formatSaturationTable(run, { width: 80, color: false }),
    /^ *base .* 100 \(10 to 100\), more were not tried/m,
  )
})

test('What of a sweep failed is said, and latencies of which the longest are missing are left out', () => {
  const count = (connections: number, answers: number, failed: number) =>
    [1, 2].map((block) => {
      const record = swept('base', connections, block, answers)
      const of = { stat: 'count', n: answers, unit: 'count', better: 'none', kind: 'counter' }
      const [example] = record.observations
      record.observations.push(
        { ...example!, ...of, metric: 'http_reqs', value: answers, phase: undefined } as never,
        {
          ...example!,
          metric: 'http_req_failed',
          stat: 'rate',
          unit: 'share',
          value: failed,
          phase: undefined,
        } as never,
      )
      return record
    })
  const [base] = saturationOf(saturatedRun([...count(10, 2000, 0.5), ...count(100, 400, 0)]))!.variants
  assert.deepEqual(base!.failed, { connections: 10, share: 0.5 })
  assert.deepEqual(
    base!.latency[0]!.points.map(({ connections }) => connections),
    [1, 10],
  )
  const remarks = remarksOn(base!).join('\n')
  assert.match(
    remarks,
    /^with 10 connections 50% of requests failed: throughput counts those that did not, latency those that were answered$/m,
  )
  assert.match(remarks, /^no latency with 100 connections: more than a tenth of the requests were under way/m)
})

test('The edges of a rate are told with how many of their tries held', () => {
  const p99s = [20, 20, 300, 300, 300]
  const upper = p99s.map((p99Ms, at) => tried('base', 283, at + 1, p99Ms))
  const lower = [6, 7, 8].map((round) => tried('base', 200, round, 20))
  const [base] = saturationOf(saturatedRun([...upper, ...lower]))!.variants
  assert.equal(rateInWords(base!), '200/s holds (3 of 3), 283/s does not (2 of 5)')
})

test('A rate that was found is told with what most loads at its upper edge had', () => {
  const dropped = [1, 2].map((round) => tried('base', 283, round, 20, 40 + round))
  const lower = [6, 7, 8].map((round) => tried('base', 200, round, 20))
  const run = saturatedRun([...dropped, tried('base', 283, 3, 300), ...lower])
  const [base] = saturationOf(run)!.variants
  assert.deepEqual([base!.rate!.state, whyNoHigherRate(base!)], ['found', 'at 283/s: 3.9% of arrivals were dropped'])
  const table = formatSaturationTable(run, { width: 80, color: false })
  assert.match(table, /^ *base at 283\/s: 3\.9% of arrivals were dropped$/m)
})

test('A try holds where all limits do, fails where one does not, and where arrivals were dropped', () => {
  const run = saturatedRun([tried('other', 100, 1, 20), tried('other', 200, 2, 300), tried('other', 200, 3, 20, 5)])
  const { rate } = saturationOf(run)!.variants[1]!
  assert.deepEqual(
    rate!.tries.map(({ rate: perSecond, outcome, why }) => [perSecond, outcome, why]),
    [
      [100, 'held', ''],
      [200, 'failed', 'http_req_duration p(99) was 300'],
      [200, 'failed', '0.5% of arrivals were dropped'],
    ],
  )
})

test('A try fails where arrivals had no answer when the load ended, and is none where other arrivals were made than asked for', () => {
  const observed = (name: string, value: number) => ({
    ...tried('other', 100, 1, 20).observations[2]!,
    metric: name,
    value,
  })
  const late = tried('other', 100, 1, 20)
  late.observations.push(observed('interrupted_iterations', 20))
  const lastS = (seconds: number) => [{ name: 'paced', startS: 0, endS: seconds }]
  const rightly = { ...tried('other', 100, 2, 20), phases: lastS(10) }
  const wrongly = { ...tried('other', 200, 3, 20), phases: lastS(10) }
  const { tries } = saturationOf(saturatedRun([late, rightly, wrongly]))!.variants[1]!.rate!
  assert.deepEqual(
    tries.map(({ outcome, why }) => [outcome, why.slice(0, 66)]),
    [
      ['failed', '2% of arrivals were not answered before the load ended'],
      ['held', ''],
      ['unusable', 'the load made 1000 arrivals where 2000 were asked for: expected a '],
    ],
  )
})

test('A try without enough samples, or of a trial that is void, is unusable; a target that died failed', () => {
  const few = { ...tried('other', 100, 1, 20) }
  few.observations = few.observations.map((each) => (each.stat === 'p(99)' ? { ...each, n: 100 } : each))
  const died = {
    ...tried('other', 200, 2, 20),
    failure: { stage: 'target' as const, message: 'it died', outputTail: [] },
  }
  const stopped = {
    ...tried('other', 200, 3, 20),
    failure: { stage: 'load' as const, message: 'set-up', outputTail: [] },
  }
  const { tries } = saturationOf(saturatedRun([few, died, stopped]))!.variants[1]!.rate!
  assert.deepEqual(
    tries.map(({ outcome, why }) => [outcome, why.slice(0, 30)]),
    [
      ['unusable', 'http_req_duration has no p(99)'],
      ['failed', 'it died'],
      ['unusable', 'set-up'],
    ],
  )
})

test('A rate at which the target does what the script says it must not is not held; where the load was at fault, too, nothing is said', () => {
  const broken = { code: 'check-failed' as const, message: 'turns_failed: rate<0.001' }
  const late = { code: 'generator-late' as const, message: 'late' }
  const [wrong, unclear] = [
    { ...tried('other', 200, 1, 20), invalid: [broken] },
    { ...tried('other', 200, 2, 20), invalid: [broken, late] },
  ]
  const { tries } = saturationOf(saturatedRun([wrong, unclear]))!.variants[1]!.rate!
  assert.deepEqual(
    tries.map(({ outcome, why }) => [outcome, why]),
    [
      ['failed', 'turns_failed: rate<0.001'],
      ['unusable', 'late'],
    ],
  )
})

test('Why the lowest rate fails is told with what most of its loads had, whatever the numbers', () => {
  const dropped = [tried('other', 100, 1, 20, 500)]
  const slow = [300, 310.5].map((p99Ms, at) => tried('other', 100, at + 2, p99Ms))
  const run = saturatedRun([...dropped, ...slow])
  const [base, other] = saturationOf(run)!.variants
  assert.deepEqual(
    [whyNoHigherRate(base!), whyNoHigherRate(other!)],
    [null, 'at 100/s: http_req_duration p(99) was 300'],
  )
  const table = formatSaturationTable(run, { width: 80, color: false })
  assert.match(table, /^ *other +fails at 100\/s, the lowest tried +3$/m)
  assert.match(table, /^ *other at 100\/s: http_req_duration p\(99\) was 300$/m)
  const held = saturatedRun([tried('other', 100, 1, 20)])
  assert.equal(whyNoHigherRate(saturationOf(held)!.variants[1]!), null)
  const open = saturatedRun([tried('other', 100, 1, 20), tried('other', 200, 2, 300)])
  assert.equal(whyNoHigherRate(saturationOf(open)!.variants[1]!), 'at 200/s: http_req_duration p(99) was 300')
})

test('A target that never became ready says nothing of the rate, and why is told', () => {
  const failure = { stage: 'target' as const, message: 'variant "other" ended before it was ready', outputTail: [] }
  const unready = (round: number) => ({ ...tried('other', 100, round, 20), observations: [], failure })
  const { rate, ...rest } = saturationOf(saturatedRun([1, 2, 3].map(unready)))!.variants[1]!
  assert.deepEqual([rate!.state, rate!.lower, rate!.upper], ['unmeasurable', null, 100])
  assert.equal(rateInWords({ rate, ...rest }), '100/s cannot be measured')
  assert.equal(whyNoHigherRate({ rate, ...rest }), `at 100/s: ${failure.message}`)
  const once = saturationOf(saturatedRun([unready(1)]))!.variants[1]!
  assert.deepEqual([rateInWords(once), whyNoHigherRate(once)], ['not decided at 100/s', `at 100/s: ${failure.message}`])
})

test('A limit on a percentile that no observation has is read from the histogram; on a counter that nobody added to it is 0', () => {
  const { metric, histogram } = trend('http_req_duration', [...Array(970).fill(5), ...Array(30).fill(400)])
  const kept = { ...tried('other', 100, 1, 20), histograms: [histogram] }
  const run = saturatedRun([kept])
  const whyWith = (name: string, expression: string) => {
    const rate = { ...run.header.saturation!.rate!, holds: [{ metric: name, expression }] }
    const header = { ...run.header, saturation: { ...run.header.saturation!, rate } }
    return saturationOf({ ...run, header })!.variants[1]!.rate!.tries[0]
  }
  assert.equal(metric.count, 1000)
  assert.equal(whyWith('http_req_duration', 'p(96)<250')!.outcome, 'held')
  assert.match(whyWith('http_req_duration', 'p(98)<250')!.why, /^http_req_duration p\(98\) was 40\d/)
  assert.match(whyWith('http_req_duration', 'p(99.95)<250')!.why, /too few samples/)
  assert.equal(whyWith('ws_msgs_sent', 'count<1')!.outcome, 'held')
})

test('The search of a variant goes by its own tries', () => {
  const run = saturatedRun([tried('base', 100, 1, 20), tried('base', 200, 2, 20), tried('other', 100, 1, 999)])
  assert.deepEqual([nextRate(run, 'base'), nextRate(run, 'other')], [400, 100])
  const decided = saturatedRun([1, 2, 3].map((round) => tried('other', 100, round, 999)))
  assert.equal(nextRate(decided, 'other'), null)
  assert.equal(rateInWords(saturationOf(decided)!.variants[1]!), 'fails at 100/s, the lowest tried')
})

for (const { title, second, outcome, words } of [
  { title: 'agree', second: [1000, 1003, 998], outcome: 'agree', words: /agree within 5%/ },
  { title: 'differ', second: [800, 803, 798], outcome: 'differ', words: /THEY DIFFER by more than 5%/ },
  { title: 'are not told apart', second: [700, 1000, 1300], outcome: 'unclear', words: /not clear/ },
])
  test(`Two engines that ${title} are said to`, () => {
    const pairs = second.flatMap((value, at) => [checked('turn', at + 1, 1001), checked('closed', at + 1, value)])
    const { crossCheck } = saturationOf(saturatedRun(pairs))!
    assert.deepEqual([crossCheck!.outcome, crossCheck!.usedPairs], [outcome, 3])
    assert.match(crossCheckInWords(crossCheck!), words)
  })

test('A variant whose rate is not searched for has none, while the others have theirs', () => {
  const run = saturatedRun([tried('other', 100, 1, 20)])
  const rate = { ...run.header.saturation!.rate!, variants: ['other'] }
  const some = { ...run, header: { ...run.header, saturation: { ...run.header.saturation!, rate } } }
  assert.deepEqual(
    saturationOf(some)!.variants.map((each) => [each.variant, rateInWords(each)]),
    [
      ['base', '-'],
      ['other', 'not decided: 100/s seems to hold'],
    ],
  )
  assert.deepEqual([nextRate(some, 'base'), nextRate(some, 'other')], [null, 200])
})

test('Half a pair of the cross-check is none', () => {
  const { crossCheck } = saturationOf(saturatedRun([checked('turn', 1, 1000)]))!
  assert.deepEqual([crossCheck!.difference, crossCheck!.usedPairs, crossCheck!.outcome], [null, 0, 'unclear'])
})

test('Tries and cross-checks are compared with nothing', () => {
  const run = saturatedRun([tried('base', 100, 1, 20), tried('other', 100, 1, 300), checked('turn', 1, 1000)])
  const { comparisons, invalidPairs } = compareRun(run)
  assert.deepEqual([...new Set(comparisons.map(({ scenario }) => scenario))], ['turn@1', 'turn@10', 'turn@100'])
  assert.equal(invalidPairs, 0)
})

test('Variants that do not fit beside each other go below', () => {
  const run = saturatedRun()
  const more = ['third', 'fourth', 'fifth']
  const records = more.flatMap((variant) =>
    run.records.filter((each) => each.variant === 'base').map((each) => ({ ...each, variant })),
  )
  const variants = [...run.header.variants, ...more.map((name) => ({ ...run.header.variants[1]!, name }))]
  const table = formatSaturationTable(
    { header: { ...run.header, variants }, records: [...run.records, ...records] },
    { width: 80, color: false },
  )
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
  assert.equal(table.match(/^ +connections /gm)!.length, 2)
})

test('The table has all of it within 80 columns, the file for programs too', () => {
  const run = saturatedRun([tried('other', 100, 1, 20), checked('turn', 1, 1000), checked('closed', 1, 1001)])
  const table = formatSaturationTable(run, { width: 80, color: false })
  for (const line of table.split('\n')) assert.ok(line.length <= 80, line)
  assert.match(table, /base +1010\/s/)
  assert.match(table, /not decided: 100\/s seems to hold/)
  const file = saturationFile(run)
  assert.deepEqual([file.schema, file.variants.length, file.crossCheck?.usedPairs], ['weir.saturation/1', 2, 1])
  assert.deepEqual(JSON.parse(JSON.stringify(file)), file)
})
