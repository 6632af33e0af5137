import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PairCourse } from '../../harness/campaign/pair-course.ts'
import type { ScenarioState } from '../../harness/compare/scenario-states.ts'
import type { ComparisonPlan, Run, TrialRecord } from '../../harness/record/schema.ts'
import { type PlannedTrial, planPairs } from '../../harness/schedule.ts'
import { makeHeader, makeRecord } from '../compare/run-builder.ts'

const gateMetric = (scenario: string) => ({
  scenario,
  metric: 'm value',
  margins: { change: 0.01, equivalence: 0.03 },
})

const planned: ComparisonPlan = {
  variant: 'new',
  against: 'base',
  metrics: [gateMetric('turns'), gateMetric('boot')],
  alpha: 0.003,
  looks: [2, 4],
  budgetMs: 100_000,
  mode: 'trials',
  ended: null,
}

interface Situation {
  scenarios?: string[]
  plan?: Partial<ComparisonPlan>
  /** Seconds that each trial takes. */
  trialS?: number
  before?: TrialRecord[]
  stateOf?: (scenario: string, pairs: number) => ScenarioState
  pairs?: number
}

/** Runs a course with a clock that only trials move; @returns what ran, as `1 turns new`, and what the header then said */
function take({ scenarios = ['turns'], plan = {}, trialS = 1, before = [], pairs = 6, ...rest }: Situation) {
  const { stateOf = () => 'open' } = rest
  const clock = { ms: 5_000 }
  const records = [...before]
  const told: number[][] = []
  const course = new PairCourse(
    {
      plan: { ...planned, ...plan },
      trials: planPairs({ pairs, scenarios, against: 'base', variant: 'new', seed: 7 }),
      mostPairs: 80,
      statistics: {
        planLooks: (most) => {
          told.push([most])
          return [2, Math.max(2, most)]
        },
        statesOf: (run) => new Map(scenarios.map((name) => [name, stateOf(name, pairsOf(run, name))] as const)),
      },
      expectedS: () => 2,
      now: () => clock.ms,
    },
    runOf(records),
  )
  const ran: PlannedTrial[] = []
  const done = new Set(before.map(({ trial }) => trial))
  for (const [at, trial] of course.trials.entries()) {
    if (done.has(at + 1) || !course.asksFor(trial)) continue
    clock.ms += 1000 * trialS
    ran.push(trial)
    records.push({ ...recordOf(trial), durationS: trialS })
    if (trial.position === 2) course.heard(runOf(records))
  }
  return { ran: ran.map(({ pair, scenario, side }) => `${pair} ${scenario} ${side}`), course, told }
}

const runOf = (records: TrialRecord[]): Run => ({
  header: makeHeader(['base', 'new'], []),
  records: [...records],
})

const recordOf = ({ scenario, variant, pair }: PlannedTrial): TrialRecord => makeRecord([scenario, variant, pair], [])

const pairsOf = ({ records }: Run, scenario: string): number =>
  records.filter((record) => record.scenario === scenario).length / 2

const endOf = ({ course }: ReturnType<typeof take>) => course.atEnd(false).comparison!.ended

test('A comparison that is decided runs no further pair, and says so', () => {
  const taken = take({ stateOf: (_, pairs) => (pairs >= 2 ? 'decided' : 'open') })
  assert.equal(taken.ran.length, 2 * 2)
  assert.equal(endOf(taken), 'decided')
})

test('A scenario that is decided drops out, the others go on', () => {
  const stateOf = (name: string, pairs: number) => (name === 'boot' && pairs >= 2 ? 'decided' : 'open')
  const taken = take({ scenarios: ['turns', 'boot'], stateOf })
  const of = (name: string) => taken.ran.filter((trial) => trial.includes(name)).length
  assert.deepEqual([of('turns'), of('boot')], [12, 4])
  assert.equal(endOf(taken), 'most-pairs')
})

test('No pair is begun that would not end within the budget, going by the longest so far', () => {
  const taken = take({ trialS: 10, plan: { budgetMs: 75_000 } })
  assert.equal(taken.ran.length, 6, 'three pairs of 20 s; a fourth would end after 80 s')
  assert.equal(endOf(taken), 'budget')
})

test('Before any pair has run its length is what the scenario says of itself', () => {
  assert.deepEqual(take({ plan: { budgetMs: 1_900 } }).ran, [])
})

test('Both sides of a pair run once one has', () => {
  const taken = take({ plan: { budgetMs: 10_000 }, trialS: 20 })
  assert.equal(taken.ran.length, 2)
})

test('Whose every pair is unusable ends as such; what was looked at for the last time as having had the most pairs', () => {
  assert.equal(endOf(take({ stateOf: () => 'unusable' })), 'unusable')
  assert.equal(endOf(take({ stateOf: () => 'full' })), 'most-pairs')
  assert.equal(
    endOf(take({ scenarios: ['turns', 'boot'], stateOf: (name) => (name === 'boot' ? 'unusable' : 'decided') })),
    'most-pairs',
  )
})

test('What was interrupted says so, whatever it had found', () => {
  const { course } = take({ stateOf: () => 'decided' })
  assert.equal(course.atEnd(true).comparison!.ended, 'interrupted')
})

test('Looks are planned by the length of the pairs that ran, until the first look may have been taken', () => {
  const { told, course } = take({ trialS: 5 })
  assert.deepEqual(
    told,
    [[10]],
    '10 pairs of 10 s in 100 s, where 50 of 2 s were expected; at two pairs the plan stands',
  )
  assert.deepEqual(course.atEnd(false).comparison!.looks, [2, 10])
})

test('Any scenario may have the pairs that the others do not need, as far as the budget reaches', () => {
  const { told } = take({ scenarios: ['turns', 'boot'], trialS: 5, pairs: 1 })
  assert.deepEqual(told.at(-1), [10], 'in 100 s one scenario alone has 10 pairs of 10 s')
})

test('A resumed comparison has spent what its records took', () => {
  const trials = planPairs({ pairs: 6, scenarios: ['turns'], against: 'base', variant: 'new', seed: 7 })
  const before = trials.slice(0, 2).map((trial, at) => ({ ...recordOf(trial), trial: at + 1, durationS: 10 }))
  const { ran } = take({ before, trialS: 10, plan: { budgetMs: 65_000 } })
  assert.deepEqual(
    ran,
    trials.slice(2, 6).map(({ pair, scenario, side }) => `${pair} ${scenario} ${side}`),
  )
})

test('A resumed comparison that was decided asks for nothing', () => {
  const trials = planPairs({ pairs: 6, scenarios: ['turns'], against: 'base', variant: 'new', seed: 7 })
  const before = trials.slice(0, 4).map((trial, at) => ({ ...recordOf(trial), trial: at + 1, durationS: 1 }))
  const taken = take({ before, stateOf: () => 'decided' })
  assert.deepEqual([taken.ran, endOf(taken)], [[], 'decided'])
})
