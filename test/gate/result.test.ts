import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scenarioStates } from '../../harness/compare/scenario-states.ts'
import { UserError } from '../../harness/errors.ts'
import { judgeGate } from '../../harness/gate/result.ts'
import type { Run, TrialRecord } from '../../harness/record/schema.ts'
import { observe } from '../compare/run-builder.ts'
import { type GatedPairs, gatedRun, openMargins, p95 } from './gated-run.ts'

const outcomes: [what: string, pairs: GatedPairs, isStrict: boolean, outcome: string, exitCode: number][] = [
  ['pairs that are alike', { ratio: 1 }, true, 'passed', 0],
  ['a head that is better', { ratio: 0.8 }, true, 'passed', 0],
  ['a head that is worse', { ratio: 1.1 }, false, 'regressed', 1],
  ['a limit that is crossed', { latencyMs: 300 }, false, 'limit crossed', 99],
  ['a head that fails every request', { ratio: 0.5, failed: 1 }, false, 'fails more often', 1],
  ['a head that fails every request of few pairs', { pairs: 2, failed: 1 }, false, 'fails more often', 1],
  ['a head that has one failure by chance in each of few pairs', { pairs: 3, failed: 0.01 }, false, 'invalid', 4],
  ['a regression and a limit that is crossed', { ratio: 1.1, latencyMs: 300 }, false, 'regressed', 1],
  ['a difference within the margin', { ratio: 1.0097 }, false, 'passed', 0],
  ['a small difference that is surely there', { ratio: 1.0295 }, false, 'regressed', 1],
  ['pairs that decide nothing', { planned: openMargins }, false, 'inconclusive', 0],
  ['pairs that decide nothing, strictly', { planned: openMargins }, true, 'inconclusive', 3],
  [
    'pairs that decide nothing and a limit that is crossed',
    { planned: openMargins, latencyMs: 300 },
    true,
    'limit crossed',
    99,
  ],
  ['a budget too short for a look', { pairs: 9, planned: { ended: 'budget' } }, false, 'invalid', 4],
  [
    'a budget too short and a limit that is crossed',
    { pairs: 9, latencyMs: 300, planned: { ended: 'budget' } },
    true,
    'limit crossed',
    99,
  ],
  ['a look at too few pairs for its part of the error', { planned: { alpha: 0.0015 } }, false, 'invalid', 4],
  ['too few pairs, since one is not valid', { pairs: 10, late: 1 }, false, 'invalid', 4],
  ['no valid pair', { pairs: 3, late: 3 }, false, 'invalid', 4],
  ['no pair at all', { pairs: 0 }, false, 'invalid', 4],
  [
    'too few valid pairs and a limit that is crossed',
    { pairs: 10, late: 1, latencyMs: 300 },
    false,
    'limit crossed',
    99,
  ],
  [
    'an interruption, whatever was found before',
    { ratio: 1.1, latencyMs: 300, change: { status: 'interrupted' }, planned: { ended: 'interrupted' } },
    false,
    'interrupted',
    105,
  ],
]
for (const [what, pairs, isStrict, outcome, exitCode] of outcomes)
  test(`Of ${what} comes: ${outcome}, ${exitCode}`, () => {
    const result = judgeGate(gatedRun(pairs), isStrict)
    assert.deepEqual([result.outcome, result.exitCode], [outcome, exitCode], JSON.stringify(result.findings))
  })

const crash: Partial<TrialRecord> = { failure: { stage: 'target', message: 'the server died', outputTail: [] } }
const broken: Partial<TrialRecord> = {
  invalid: [{ code: 'check-failed', message: 'the check "answers: rate==1" failed' }],
}

/** Of 40 pairs some in which a side's trial came to nothing. */
function withBroken(failing: Record<'A' | 'B', number>, change: Partial<TrialRecord>): Run {
  const { header, records } = gatedRun({ pairs: 40 })
  const isBroken = ({ key: { side, pair } }: TrialRecord) => (side === 'A' ? pair > 40 - failing.A : pair <= failing.B)
  return { header, records: records.map((record) => (isBroken(record) ? { ...record, ...change } : record)) }
}

for (const [what, failing, change, kinds] of [
  ['crashes in half of its trials', { A: 0, B: 20 }, crash, ['fails more often', 'inconclusive']],
  [
    'fails what the script says must hold in half of its trials',
    { A: 0, B: 20 },
    broken,
    ['fails more often', 'inconclusive'],
  ],
  ['crashes in eleven trials, and the base in none', { A: 0, B: 11 }, crash, ['fails more often', 'inconclusive']],
  ['crashes in ten trials, and the base in none', { A: 0, B: 10 }, crash, ['inconclusive']],
  ['crashes as often as the base', { A: 10, B: 10 }, crash, []],
  ['crashes less often than the base', { A: 20, B: 0 }, crash, ['inconclusive']],
  ['crashes in five trials, and the base in none', { A: 0, B: 5 }, crash, []],
] as const)
  test(`Of a head that ${what} is found: ${kinds.join() || 'nothing'}`, () => {
    const { exitCode, findings } = judgeGate(withBroken(failing, change), false)
    const expected = kinds.some((kind) => kind === 'fails more often') ? 1 : 0
    assert.deepEqual([exitCode, findings.map(({ kind }) => kind)], [expected, kinds])
  })

test('Where trials of one side fail more often than a coin explains, what the others say is doubted', () => {
  const [found] = judgeGate(withBroken({ A: 0, B: 10 }, crash), false).findings
  assert.match(
    found!.text,
    /inconclusive, .*, head fails in 10 of 40 pairs, base in 0 \(the server died\), so the others prove nothing; an effect of [\d.]+% or more could have been shown$/,
  )
})

test('A head that dies while both have their turns of the load is blamed, and the base that had to stop is not', () => {
  const { header, records } = withBroken({ A: 0, B: 11 }, crash)
  // What the script says must hold cannot hold where nothing was measured.
  const alone = { ...broken, failure: { stage: 'turns' as const, message: 'nothing is left', outputTail: [] } }
  const inSlices = records.map((record) =>
    record.key.side === 'A' && record.key.pair <= 11 ? { ...record, ...alone } : record,
  )
  const { exitCode, failing } = judgeGate({ header, records: inSlices }, false)
  assert.deepEqual(
    [exitCode, failing.map(({ text }) => text)],
    [1, ['head fails in 11 of 40 pairs, base in 0 (the server died)']],
  )
})

test('A head whose every answer is wrong fails the gate, also where it gives no gate metric for it', () => {
  const { header, records } = gatedRun({ pairs: 5, failed: 1 })
  const withoutCost = records.map((record) =>
    record.key.side === 'A'
      ? record
      : { ...record, observations: record.observations.filter((each) => each.metric !== 'target_cpu_per_op') },
  )
  const run = { header, records: withoutCost }
  assert.equal(scenarioStates(run).get('browse'), 'unusable')
  const { exitCode, outcome } = judgeGate(run, false)
  assert.deepEqual([exitCode, outcome], [1, 'fails more often'])
})

test('A head that fails in every trial is run until that is no chance, and no longer', () => {
  const stateAfter = (pairs: number, failing: Record<'A' | 'B', number>) => {
    const { header, records } = withBroken(failing, crash)
    const first = records.filter(({ key }) => key.pair <= pairs)
    return scenarioStates({ header, records: first }).get('browse')
  }
  assert.deepEqual(
    [5, 10, 11].map((pairs) => stateAfter(pairs, { A: 0, B: 40 })),
    ['open', 'open', 'unusable'],
  )
  assert.equal(stateAfter(5, { A: 40, B: 40 }), 'unusable')
  // Of pairs that are void for another reason nothing follows, as long as they are not the most.
  const { header: planned, records: all } = withBroken({ A: 0, B: 40 }, crash)
  const late: Partial<TrialRecord> = { invalid: [{ code: 'generator-late', message: 'late' }] }
  const stateWithout = (pairs: number, voided: number) => {
    const first = all.filter(({ key }) => key.pair <= pairs)
    const records = first.map(({ failure, ...record }) =>
      record.key.pair <= voided ? { ...record, ...late } : { ...record, ...(failure ? { failure } : {}) },
    )
    return scenarioStates({ header: planned, records }).get('browse')
  }
  assert.deepEqual([stateWithout(6, 1), stateWithout(12, 1), stateWithout(7, 4)], ['open', 'unusable', 'unusable'])
  const { header, records } = withBroken({ A: 0, B: 40 }, crash)
  const { exitCode } = judgeGate({ header, records: records.filter(({ key }) => key.pair <= 11) }, false)
  assert.equal(exitCode, 1)
})

test('A regression from nothing says from what to what', () => {
  const run = gatedRun({
    planned: {
      metrics: [
        { scenario: 'browse', metric: 'dropped_iterations count', margins: { change: 0.01, equivalence: 0.03 } },
      ],
    },
  })
  const records = run.records.map((record) =>
    record.key.side === 'A'
      ? record
      : { ...record, observations: [...record.observations, observe('dropped_iterations count', 40)] },
  )
  const { exitCode, findings } = judgeGate({ ...run, records }, false)
  assert.deepEqual(
    [exitCode, findings.map(({ text }) => text)],
    [1, ['dropped_iterations count: regressed, 0 to 40 (10 pairs)']],
  )
})

test('In how many pairs a side fails is told with the first reason', () => {
  const { failing } = judgeGate(withBroken({ A: 1, B: 20 }, crash), false)
  assert.deepEqual(failing, [{ scenario: 'browse', text: 'head fails in 20 of 40 pairs, base in 1 (the server died)' }])
})

test('All that speaks against passing is told, the worst first', () => {
  const { findings } = judgeGate(
    gatedRun({ ratio: 1.1, latencyMs: 300, change: { status: 'interrupted' }, planned: { ended: 'interrupted' } }),
    false,
  )
  assert.deepEqual(
    findings.map(({ kind, scenario, text }) => [kind, scenario, text]),
    [
      ['interrupted', null, 'interrupted: what was finished is kept'],
      ['regressed', 'browse', 'target_cpu_per_op{phase:main} value: regressed, +10.1% (+10.0 to +10.1%, 10 pairs)'],
      ['limit crossed', 'browse', 'http_req_duration p(95)<250: crossed, 300 ms (median of 10 trials)'],
    ],
  )
})

test('A gate metric stands beside the medians of both sides over the pairs of its verdict', () => {
  const [row] = judgeGate(gatedRun({ ratio: 2 }), false).comparisons
  assert.equal(row?.baseValue, 1)
  assert.ok(Math.abs(row!.headValue! - 2 * 1.00055) < 1e-9)
  assert.ok(Math.abs(row!.headSpread! - 2 * 0.00025) < 1e-9)
})

test('A limit whose trials may not be used makes the measurement invalid, not the limit held', () => {
  const { outcome, limits } = judgeGate(gatedRun({ pairs: 2, late: 2 }), false)
  assert.deepEqual([outcome, limits[0]?.outcome], ['invalid', 'not measured'])
})

test('What is no gate, or asks for what no trial has, is refused', () => {
  const { gate, ...header } = gatedRun().header
  const notAGate: Run = { header, records: [] }
  const limits = [{ ...p95, metric: 'latency' }]
  for (const [run, message] of [
    [notAGate, /run "run" is no gate/],
    [gatedRun({ limits }), /on latency p\(95\), which no trial has/],
  ] as const)
    assert.throws(
      () => judgeGate(run, false),
      (error) => error instanceof UserError && message.test(error.message),
    )
  assert.equal(gate?.name, 'pr')
})
