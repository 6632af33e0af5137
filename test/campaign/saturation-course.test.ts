import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SaturationCourse } from '../../harness/campaign/saturation-course.ts'
import { nextRate } from '../../harness/compare/saturation/saturation.ts'
import type { RatePlan } from '../../harness/record/schema.ts'
import { planTrials } from '../../harness/schedule.ts'
import { saturatedRun, tried } from '../compare/saturation/saturated-run.ts'

const run = saturatedRun()
const sweep = planTrials({ ...run.header, cells: run.header.cells! })
const courseAt = (soFar = run) => new SaturationCourse({ sweep, nextRate, soFar: () => soFar })

test('The sweep comes first, then the pairs of the cross-check, then the rounds of the search', () => {
  const { trials, certain } = courseAt()
  const [checks, tries] = [trials.slice(sweep.length, certain), trials.slice(certain)]
  assert.deepEqual(trials.slice(0, sweep.length), sweep)
  assert.equal(checks.length, 6)
  for (let pair = 0; pair < 3; pair++)
    assert.deepEqual(
      checks
        .slice(2 * pair, 2 * pair + 2)
        .map(({ scenario }) => scenario)
        .sort(),
      ['closed@check-USERS-10', 'turn@check-10'],
    )
  assert.ok(checks.every(({ variant, side }) => variant === 'base' && side === 'A'))
  assert.equal(tries.length, 18 * 2)
  const blocks = trials.map(({ block }) => block)
  assert.deepEqual(
    blocks,
    [...blocks].sort((a, b) => a - b),
    'blocks follow one another',
  )
})

test('What a try is of is decided from the records when its turn comes, and one that is decided asks for no more', () => {
  const [first] = courseAt().trials.slice(-1)
  const other = courseAt().trials.findLast(({ variant }) => variant === 'other')!
  assert.deepEqual(courseAt().settled(first!), { rate: 100 })
  const held = saturatedRun([tried('other', 100, 1, 20)])
  assert.deepEqual(courseAt(held).settled(other), { rate: 200 })
  const decided = saturatedRun([1, 2, 3].map((round) => tried('other', 100, round, 999)))
  assert.equal(courseAt(decided).asksFor(other), false)
  const swept = courseAt(decided)
  assert.ok(
    swept.trials.slice(0, swept.certain).every((trial) => swept.asksFor(trial) && swept.settled(trial) === null),
  )
})

test('Only the variants of the rate are searched, and without a rate nobody is', () => {
  const { header, records } = run
  const withRate = (rate: RatePlan | null) =>
    courseAt({ header: { ...header, saturation: { ...header.saturation!, rate } }, records })
  const { trials, certain } = withRate({ ...header.saturation!.rate!, variants: ['other'] })
  assert.deepEqual(
    trials.slice(certain).map(({ variant }) => variant),
    Array(18).fill('other'),
  )
  assert.equal(withRate(null).trials.length, certain)
})
