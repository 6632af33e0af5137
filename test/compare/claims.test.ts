import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClaims } from '../../harness/compare/claims.ts'
import { claimsFile } from '../../harness/compare/claims-file.ts'
import { formatClaimsTable } from '../../harness/compare/claims-table.ts'
import type { Claim, Observation, Run, TrialRecord } from '../../harness/record/schema.ts'
import { makeHeader, makeRecord, makeRun, observe } from './run-builder.ts'

const claim = (id: string, change: Partial<Claim> = {}): Claim => ({
  id,
  row: null,
  statement: 'polling is slower (a write-up)',
  scenario: 'turns',
  variant: 'polling',
  against: 'base',
  metric: 'turn_intended_duration{scenario:paced} p(50)',
  claimed: { ratio: { above: 1 } },
  needs: [],
  note: null,
  ...change,
})

/** By variant what three blocks observed: ms, a count, and the share of failures. */
const seen: Record<string, { ms: number[]; listeners: number; failed: number }> = {
  base: { ms: [42, 43, 41], listeners: 1, failed: 0 },
  polling: { ms: [65, 67, 66], listeners: 40, failed: 0 },
  mutex: { ms: [42.5, 42, 41.6], listeners: 1, failed: 0.05 },
}

const observations = (variant: string, block: number): Observation[] => [
  observe('turn_intended_duration p(50)', seen[variant]!.ms[block - 1]!, { scenario: 'paced' }),
  observe('listeners value', seen[variant]!.listeners),
  observe('turns_failed rate', seen[variant]!.failed, { scenario: 'paced', unit: 'share' }),
]

function runOf(claims: Claim[], header: Parameters<typeof makeHeader>[2] = {}): Run {
  const variants = Object.keys(seen)
  const records = [1, 2, 3].flatMap((block) =>
    variants.map((variant) => makeRecord(['turns', variant, block], observations(variant, block))),
  )
  const scenarios = [{ name: 'turns', primary: 'turn_intended_duration{scenario:paced} p(50)' }]
  return makeRun(makeHeader(variants, scenarios, { claims, status: 'finished', ...header }), records)
}

const recordOf = (run: Run, variant: string, block: number): TrialRecord =>
  run.records.find((record) => record.variant === variant && record.key.block === block)!

const only = (run: Run) => {
  const [result] = testClaims(run)
  assert.ok(result)
  return result
}

test('A claim has the ratio with its interval, the pairs behind it and a verdict', () => {
  const { measured, verdict, pairs, reason } = only(runOf([claim('a')]))
  assert.equal(verdict, 'confirmed')
  assert.equal(pairs, 3)
  assert.equal(reason, '')
  assert.equal(measured!.unit, 'ratio')
  assert.ok(measured!.lower! < 1.571 && 1.571 < measured!.upper!)
})

test('Every metric of a record can be claimed about, and against any variant', () => {
  const listeners = claim('a', {
    metric: 'listeners value',
    claimed: { ratio: { from: 30, to: 50 } },
    against: 'base',
  })
  const { measured, verdict, reason } = only(runOf([listeners]))
  assert.deepEqual(measured, { estimate: 40, lower: 40, upper: 40, kind: 'constant', unit: 'ratio' })
  assert.equal(verdict, 'confirmed')
  assert.equal(reason, 'the same in all 3 blocks')
})

test('A value is of the variant alone, in the unit of its metric, whatever became of the baseline', () => {
  const run = runOf([claim('a', { claimed: { value: { below: 70 } } })])
  for (const block of [1, 2, 3])
    recordOf(run, 'base', block).failure = { stage: 'target', message: 'x', outputTail: [] }
  const { measured, verdict, pairs } = only(run)
  assert.equal(verdict, 'confirmed')
  assert.equal(measured!.unit, 'ms')
  assert.equal(measured!.estimate, 66)
  assert.equal(pairs, 3)
})

const failsMore = 'mutex fails more often (turns_failed, paced: 5% against 0%)'

test('Nothing is believed that speaks for the side that fails more often, whichever it is, nor that both are alike', () => {
  const against = (factor: number, change: Partial<Claim> = {}) => {
    const run = runOf([claim('a', { variant: 'mutex', ...change })])
    for (const block of [1, 2, 3])
      for (const each of recordOf(run, 'mutex', block).observations) if (each.unit === 'ms') each.value *= factor
    return only(run)
  }
  const doubted = { verdict: 'inconclusive', reason: `${failsMore}, so its figures prove nothing` }
  const said = ({ verdict, reason }: ReturnType<typeof only>) => ({ verdict, reason })
  assert.deepEqual(said(against(0.5, { claimed: { ratio: { below: 1 } } })), doubted)
  assert.deepEqual(said(against(0.5)), doubted)
  assert.deepEqual(said(against(1)), doubted)
  assert.deepEqual(said(against(2, { variant: 'base', against: 'mutex', claimed: { ratio: { below: 1 } } })), {
    verdict: 'confirmed',
    reason: failsMore,
  })
  assert.deepEqual(said(against(2)), { verdict: 'confirmed', reason: failsMore })
})

test('A trial that failed or is invalid takes its pair with it, and no other', () => {
  const run = runOf([claim('a')])
  recordOf(run, 'polling', 2).invalid = [{ code: 'generator-late', message: 'late', scenario: 'paced', phase: 'paced' }]
  const { pairs, excludedPairs, measured } = only(run)
  assert.deepEqual([pairs, excludedPairs], [2, 1])
  assert.ok(Math.abs(measured!.estimate - Math.sqrt((65 / 42) * (66 / 41))) < 1e-9)
})

const notRun: [why: string, spoil: (run: Run) => void, reason: RegExp][] = [
  [
    'two blocks are unusable',
    (run) => {
      for (const block of [1, 3])
        recordOf(run, 'base', block).failure = { stage: 'target', message: 'it died', outputTail: [] }
    },
    /^1 usable pair, at least 2 are needed \(base, block 1: it died\)$/,
  ],
  [
    'no trial has the metric',
    (run) => {
      run.header.claims![0]!.metric = 'token_delay p(50)'
    },
    /^0 usable pairs, at least 2 are needed \(polling, block 1 has no such metric\)$/,
  ],
  [
    'the samples are too few',
    (run) => {
      for (const record of run.records) record.observations.push(observe('token_delay p(99)', 3, { n: 20 }))
      run.header.claims![0]!.metric = 'token_delay p(99)'
    },
    /^0 usable pairs, .* \(polling, block 1: too few samples\)$/,
  ],
  ['the run was a quick one', (run) => void (run.header.quick = true), /^a quick run gives no verdicts$/],
  [
    'something is missing',
    (run) => {
      run.header.claims![0]!.needs = ['redis']
      run.header.missing = [{ need: 'redis', reason: 'redis-server is not installed', trialsABlock: 1, claims: ['a'] }]
    },
    /^redis is missing: redis-server is not installed$/,
  ],
  ['no trial has begun', (run) => void run.records.splice(0), /^0 usable pairs, at least 2 are needed$/],
]

for (const [why, spoil, reason] of notRun) {
  test(`A claim is not run where ${why}, and that is said`, () => {
    const run = runOf([claim('a')])
    spoil(run)
    const result = only(run)
    assert.equal(result.verdict, 'not run')
    assert.match(result.reason, reason)
  })
}

const shapes: Partial<Claim>[] = [
  {},
  { claimed: { ratio: { atLeast: 100 } } },
  { claimed: { difference: { above: 0 } } },
  { claimed: { value: { below: 70 } } },
  { metric: 'listeners value', claimed: { value: { equals: 40 } } },
]

for (const shape of shapes) {
  test(`One block gives no verdict, whatever it measured: ${JSON.stringify(shape)}`, () => {
    const whole = runOf([claim('a', shape)], { blocks: 1 })
    const { verdict, reason, measured } = only({
      ...whole,
      records: whole.records.filter(({ key }) => key.block === 1),
    })
    assert.deepEqual([verdict, reason], ['not run', 'no verdict from one block, at least 2 are needed'])
    assert.deepEqual([measured!.lower, measured!.upper], [null, null])
  })
}

test('Two blocks that differ decide nothing that their interval does not: it is wide', () => {
  const whole = runOf([claim('a', { variant: 'mutex', claimed: { ratio: { below: 1.02 } } })], { blocks: 2 })
  const run = { ...whole, records: whole.records.filter(({ key }) => key.block <= 2) }
  assert.equal(only(run).verdict, 'inconclusive')
})

test('A quick run gives no verdict, however many blocks it has', () => {
  const { verdict, reason } = only(runOf([claim('a')], { quick: true, blocks: 3 }))
  assert.deepEqual([verdict, reason], ['not run', 'a quick run gives no verdicts'])
})

test('A quick run that measured nothing usable says why', () => {
  const run = runOf([claim('a', { metric: 'token_delay p(50)' })], { quick: true, blocks: 1 })
  assert.equal(only(run).reason, 'a quick run gives no verdicts (polling, block 1 has no such metric)')
})

test('A baseline of nothing has no ratio: inconclusive, with what to claim instead', () => {
  const run = runOf([claim('a', { metric: 'listeners value' })])
  for (const record of run.records) if (record.variant === 'base') record.observations[1]!.value = 0
  const { verdict, measured, reason, pairs } = only(run)
  assert.deepEqual([verdict, measured, pairs], ['inconclusive', null, 3])
  assert.match(reason, /^no ratio, since what it is held against is 0 in 3 of 3 pairs/)
})

test('A run without claims has no results', () => {
  const run = runOf([])
  delete run.header.claims
  assert.deepEqual(testClaims(run), [])
})

const many = [
  claim('one-shot-delivery', { row: '1', claimed: { ratio: { atLeast: 3 } } }),
  claim('slower-mutex', { row: '25', variant: 'mutex', claimed: { ratio: { atLeast: 1.5 } } }),
  claim('added-delay', { row: '1', claimed: { difference: { from: 20, to: 30 } } }),
  claim('listeners-by-call', { row: '8', metric: 'listeners value', claimed: { ratio: { above: 1 } } }),
  claim('fast-enough', { variant: 'mutex', claimed: { value: { below: 42 } } }),
  claim('over-redis', { row: '9', scenario: 'rate-limit', needs: ['redis'] }),
]
const missing = [{ need: 'redis', reason: 'redis-server is not installed', trialsABlock: 1, claims: ['over-redis'] }]

test('The terminal table of claims fits 80 columns and says what is to be said of each', () => {
  assert.equal(
    formatClaimsTable(runOf(many, { missing }), { width: 80, color: false }),
    `main: 6 claims: 2 confirmed, 1 direction only, 2 inconclusive, 1 not run
x: variant / what it is held against. 95% intervals (Student's t, over blocks)

  claim                   claimed  measured         95% interval  verdict
  one-shot…elivery          >= 3x     1.57x        1.49 to 1.66x  direction only
  slower-mutex            >= 1.5x     1.00x        0.95 to 1.06x  inconclusive
  added-delay       +20 to +30 ms    +24 ms  +21.52 to +26.48 ms  confirmed
  listener…by-call           > 1x     40.0x                40.0x  confirmed
  fast-enough             < 42 ms  42.03 ms    40.91 to 43.15 ms  inconclusive
  over-redis                 > 1x                                 not run

  one-shot-delivery: less than was claimed
  slower-mutex: mutex fails more often (turns_failed, paced: 5% against 0%), so
    its figures prove nothing
  listeners-by-call: the same in all 3 blocks
  fast-enough: the interval lies across the bound of the claim
  over-redis: redis is missing: redis-server is not installed
`,
  )
})

test('What cannot be tested here stands in the table and the file: claimed in its unit, not run, and why, once for all', () => {
  const micro = { scenario: 'micro-state-read', metric: 'time_per_op value', needs: ['engine micro'] }
  const claims = [
    claim('read', { ...micro, claimed: { value: { atMost: 0.54 } } }),
    claim('read-ratio', { ...micro, claimed: { ratio: { from: 30, to: 300 } } }),
    claim('workers', { scenario: 'workers', variant: 'four-workers', needs: ['four-cores'] }),
  ]
  const lacking = [
    { need: 'four-cores', reason: '4 cores are needed, 2 may be used', trialsABlock: 2, claims: ['workers'] },
    { need: 'engine micro', reason: 'no such engine', trialsABlock: 2, claims: ['read', 'read-ratio'] },
  ]
  const run = runOf(claims, { missing: lacking })
  const table = formatClaimsTable(run, { width: 80, color: false })
  assert.match(table, /^main: 3 claims: 3 not run$/m)
  assert.match(table, /read .* <= 0\.540 ns .* not run/)
  assert.match(table, /read-ratio .* 30 to 300x .* not run/)
  assert.match(table, /^ {2}read, read-ratio: engine micro is missing: no such engine$/m)
  assert.match(table, /^ {2}workers: four-cores is missing: 4 cores are needed, 2 may be used$/m)
  assert.deepEqual(
    claimsFile(run).claims.map(({ id, verdict, reason, measured }) => [id, verdict, reason, measured]),
    [
      ['read', 'not run', 'engine micro is missing: no such engine', null],
      ['read-ratio', 'not run', 'engine micro is missing: no such engine', null],
      ['workers', 'not run', 'four-cores is missing: 4 cores are needed, 2 may be used', null],
    ],
  )
})

test('Rows and scenarios stand beside short figures', () => {
  const table = formatClaimsTable(runOf([claim('a', { row: '1' }), claim('b', { row: '25', variant: 'mutex' })]), {
    width: 80,
    color: false,
  })
  assert.deepEqual(table.split('\n').slice(3, 6), [
    '  row  claim  scenario  claimed  measured   95% interval  pairs  verdict',
    '    1  a      turns        > 1x     1.57x  1.49 to 1.66x      3  confirmed',
    '   25  b      turns        > 1x     1.00x  0.95 to 1.06x      3  inconclusive',
  ])
})

test('Colours are escape codes round the verdict and change nothing else', () => {
  const run = runOf(many, { missing })
  const colored = formatClaimsTable(run, { width: 80, color: true })
  const esc = String.fromCharCode(27)
  assert.ok(colored.includes(`${esc}[32mconfirmed${esc}[0m`))
  assert.equal(
    colored.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), ''),
    formatClaimsTable(run, { width: 80, color: false }),
  )
})

test('The file of claims names its schema and holds every claim with what was measured', () => {
  const file = claimsFile(runOf(many, { missing }))
  assert.equal(file.schema, 'weir.claims/1')
  assert.deepEqual(
    file.claims.map(({ id, verdict }) => [id, verdict]),
    [
      ['one-shot-delivery', 'direction only'],
      ['slower-mutex', 'inconclusive'],
      ['added-delay', 'confirmed'],
      ['listeners-by-call', 'confirmed'],
      ['fast-enough', 'inconclusive'],
      ['over-redis', 'not run'],
    ],
  )
  const [, , , listeners, , overRedis] = file.claims
  assert.deepEqual(listeners, {
    id: 'listeners-by-call',
    row: '8',
    statement: 'polling is slower (a write-up)',
    note: null,
    scenario: 'turns',
    variant: 'polling',
    against: 'base',
    metric: 'listeners value',
    claimed: { ratio: { above: 1 } },
    measured: { estimate: 40, lower: 40, upper: 40, kind: 'constant', unit: 'ratio' },
    pairs: 3,
    excludedPairs: 0,
    verdict: 'confirmed',
    reason: 'the same in all 3 blocks',
  })
  assert.equal(overRedis!.measured, null)
  assert.deepEqual(JSON.parse(JSON.stringify(file)), file)
})
