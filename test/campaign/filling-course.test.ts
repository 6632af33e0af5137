import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FillingCourse } from '../../harness/campaign/filling-course.ts'
import { lackingPairs } from '../../harness/compare/lacking.ts'
import type { Claim, RunHeader, TrialRecord } from '../../harness/record/schema.ts'
import { planTrials } from '../../harness/schedule.ts'
import { makeHeader, makeRecord, observe } from '../compare/run-builder.ts'

const [blocks, moreBlocks] = [2, 2]
const cells = [
  { scenario: 'turns', variants: ['base', 'mutex', 'polling'] },
  { scenario: 'boot', variants: ['base', 'mutex'] },
]
const scenarios = [
  { name: 'turns', primary: 'm value' },
  { name: 'boot', primary: 'm value' },
]

/** Which trials are void, as `turns mutex 1`. */
type Void = readonly string[]

interface Situation {
  void?: Void
  header?: Partial<RunHeader>
  before?: TrialRecord[]
}

/** Runs a course to its end; @returns what ran beyond the blocks of the campaign, sorted, and all records */
function take({ void: voided = [], header: change = {}, before = [] }: Situation = {}) {
  const header = makeHeader(['base', 'mutex', 'polling'], scenarios, { blocks, cells, ...change })
  const records = [...before]
  const trials = planTrials({ blocks: blocks + moreBlocks, cells, baseline: 'base', seed: 3 })
  const course = new FillingCourse(trials, () => ({ header, records }), lackingPairs)
  for (const [index, trial] of trials.entries()) {
    if (records.some((record) => record.trial === index + 1) || !course.asksFor(trial)) continue
    const { scenario, variant, block } = trial
    const isVoid = voided.includes(`${scenario} ${variant} ${block}`)
    const invalid = isVoid ? [{ code: 'generator-late' as const, message: 'late' }] : []
    const seen = [observe('m value', 1), observe('other value', 1)]
    records.push(makeRecord([scenario, variant, block], seen, { invalid, trial: index + 1 }))
  }
  const further = records.filter(({ key }) => key.block > blocks)
  return {
    course,
    records,
    further: further.map(({ scenario, variant, key }) => `${scenario} ${variant} ${key.block}`).sort(),
  }
}

describe('A campaign', () => {
  it('runs its blocks and no more where every pair can be used', () => {
    const { course, records, further } = take()
    assert.deepEqual(further, [])
    assert.deepEqual([records.length, course.certain], [10, 10])
  })

  it('runs a variant once more for each pair that cannot be used, and the baseline with it', () => {
    assert.deepEqual(take({ void: ['turns mutex 1'] }).further, ['turns base 3', 'turns mutex 3'])
    assert.deepEqual(take({ void: ['turns mutex 1', 'turns mutex 2'] }).further, [
      ...['turns base 3', 'turns base 4'],
      ...['turns mutex 3', 'turns mutex 4'],
    ])
  })

  it('runs all of a scenario once more where the baseline of a block cannot be used', () => {
    assert.deepEqual(take({ void: ['turns base 2'] }).further, ['turns base 3', 'turns mutex 3', 'turns polling 3'])
  })

  it('gives up behind its last block', () => {
    const always = [1, 2, 3, 4].map((block) => `boot mutex ${block}`)
    assert.deepEqual(take({ void: always }).further, ['boot base 3', 'boot base 4', 'boot mutex 3', 'boot mutex 4'])
  })

  it('of claims runs what they are about once more, held against what they name', () => {
    const claim = (variant: string, against: string, change: Partial<Claim> = {}): Claim => ({
      ...{ id: variant, row: null, statement: '', scenario: 'turns', variant, against, metric: 'm value' },
      ...{ claimed: { ratio: { above: 1 } }, needs: [], note: null, ...change },
    })
    const further = (claims: Claim[]) => take({ void: ['turns mutex 1'], header: { claims } }).further
    assert.deepEqual(further([claim('polling', 'base')]), [])
    assert.deepEqual(further([claim('polling', 'mutex')]), ['turns mutex 3', 'turns polling 3'])
    assert.deepEqual(further([claim('mutex', 'base', { claimed: { value: { above: 1 } } })]), ['turns mutex 3'])
    assert.deepEqual(further([claim('mutex', 'base', { metric: 'missing value' })]), [
      ...['turns base 3', 'turns base 4'],
      ...['turns mutex 3', 'turns mutex 4'],
    ])
  })

  it('that is resumed in the middle of a further block asks for the same', () => {
    const situation = { void: ['turns base 1'] }
    const whole = take(situation)
    const cut = whole.records.slice(0, -1)
    assert.deepEqual(take({ ...situation, before: cut }).further, whole.further)
  })
})
