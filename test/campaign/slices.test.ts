import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutHalfSteps } from '../../harness/campaign/resume.ts'
import { modeOf, planSlices } from '../../harness/campaign/slices.ts'
import { stepsOf } from '../../harness/campaign/steps.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import type { ScenarioFacts } from '../../harness/engine/port.ts'
import type { TrialRecord } from '../../harness/record/schema.ts'
import { planPairs, planTrials } from '../../harness/schedule.ts'
import { fakeEngine } from '../support/fake-engine.ts'

const server = { command: ['server'], ready: { http: '/' } }
const checked = checkConfig(
  {
    variants: {
      one: server,
      two: { ...server, port: 8080 },
      three: { ...server, port: 8080 },
      later: { ...server, defers: 'it writes a log' },
      there: { url: 'http://127.0.0.1:9' },
    },
    scenarios: {
      cut: { script: 'a.js', pairs: { slices: { length: '2s' } } },
      usual: { script: 'a.js', pairs: {} },
      always: { script: 'a.js', slices: {}, pairs: { slices: { length: '100ms' } } },
    },
    campaigns: {},
  },
  'c',
)
const config: LoadedConfig = { ...checked, dir: '/', file: 'weir.config.ts' }

const facts = { durationS: 9, notInSlices: null } as ScenarioFacts
const plan = (variants: string[], changes: Partial<ScenarioFacts> = {}, scenario = 'cut') =>
  planSlices(config, { scenario, variants }, fakeEngine(), { ...facts, ...changes }, true)

test('A load is cut into as many slices as it has room for, where the config says so', () => {
  assert.deepEqual(plan(['one', 'two']), { lengthMs: 2000, each: 4 })
  assert.equal(plan(['one', 'two'], {}, 'usual'), null)
})

test('A scenario may be cut in all that is compared under it, and otherwise in pairs', () => {
  const cut = (variants: string[], inPairs: boolean) =>
    planSlices(config, { scenario: 'always', variants }, fakeEngine(), facts, inPairs)
  assert.deepEqual(cut(['one', 'two'], false), { lengthMs: 50, each: 180 })
  assert.deepEqual(cut(['one', 'two'], true), { lengthMs: 100, each: 90 })
  // Nobody is there to take turns with.
  assert.equal(cut(['one'], false), null)
  assert.throws(() => cut(['one', 'later'], false), /Leave out scenarios\.always\.slices, and its trials are whole/)
})

const { notInSlices: _, ...withoutSlices } = facts
const refused: [what: string, attempt: () => unknown, why: RegExp][] = [
  [
    'a server that goes on working after it has answered',
    () => plan(['one', 'later']),
    /scenario "cut" cannot be compared in slices: variant "later" goes on working for a request after it has answered \(it writes a log\), which would fall into the turns of others\. Leave out scenarios\.cut\.pairs\.slices/,
  ],
  ['a server that weir does not start', () => plan(['one', 'there']), /variant "there" is reached by its URL/],
  [
    'two servers on one port',
    () => plan(['two', 'three']),
    /variants "two" and "three" have the same port 8080, and they are alive together/,
  ],
  [
    'a server on a fixed port that is compared with itself',
    () => plan(['two']),
    /variants "two" and "two" have the same/,
  ],
  ['a load that is no such loop', () => plan(['one'], { notInSlices: 'it has a pace' }), /in slices: it has a pace\./],
  ['a load of one slice', () => plan(['one'], { durationS: 3 }), /its load of 3 s is shorter than 2 slices of 2 s/],
  [
    'an engine without slices',
    () =>
      planSlices(config, { scenario: 'cut', variants: ['one'] }, fakeEngine(), withoutSlices as ScenarioFacts, true),
    /the engine "fake" has no slices/,
  ],
]
for (const [what, attempt, why] of refused)
  test(`${what} is refused, with the reason`, () => assert.throws(attempt, { name: 'UserError', message: why }))

const slices = { lengthMs: 1000, each: 2 }
const both = new Map([
  ['cut', { slices }],
  ['usual', { slices: null }],
])

test('A comparison has one way to run its pairs', () => {
  assert.equal(modeOf(new Map([['cut', { slices }]])), 'slices')
  assert.equal(modeOf(new Map([['usual', { slices: null }]])), 'trials')
  assert.throws(
    () => modeOf(both),
    /pairs of "cut" are run in slices, those of "usual" in whole trials: compare them one/,
  )
})

test('Both trials of a pair in slices are one step, those of other pairs one each', () => {
  const trials = planPairs({ pairs: 2, scenarios: ['cut', 'usual'], against: 'one', variant: 'two', seed: 1 })
  const steps = stepsOf(trials, both)
  assert.deepEqual(
    steps.flat().map(({ number }) => number),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
  assert.deepEqual(
    steps.flat().map(({ trial }) => trial),
    trials,
  )
  for (const step of steps) {
    assert.equal(step.length, step[0]!.trial.scenario === 'cut' ? 2 : 1)
    assert.equal(new Set(step.map(({ trial }) => `${trial.scenario} ${trial.pair}`)).size, 1)
  }
})

test('All variants of a block in slices are one step, of which a run that goes on has all records or none', () => {
  const cells = [
    { scenario: 'cut', variants: ['one', 'two', 'three'] },
    { scenario: 'usual', variants: ['one', 'two'] },
  ]
  const steps = stepsOf(planTrials({ blocks: 2, cells, baseline: 'one', seed: 1 }), both)
  assert.deepEqual(
    steps.map((step) => step.length).toSorted((a, b) => a - b),
    [1, 1, 1, 1, 3, 3],
  )
  const records = steps.flat().map(({ number }) => ({ trial: number }) as TrialRecord)
  const [first, second] = steps.filter((step) => step.length === 3).map((step) => step.map(({ number }) => number))
  const cut = records.filter(({ trial }) => trial !== second![1])
  assert.deepEqual(
    withoutHalfSteps(cut, steps),
    records.filter(({ trial }) => !second!.includes(trial)),
  )
  assert.ok(first!.every((number) => cut.some(({ trial }) => trial === number)))
})
