import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run, TrialRecord } from '../../../../harness/record/schema.ts'
import { twoCompared } from '../../../../reports/page/client/two-compared.ts'
import { goldenRun } from '../../../support/records.ts'

const primary = 'turn_intended_duration'
const described = 'target_rss_peak'

/** Medians grow from 772 to 811, and yet most blocks, and the mean of all, fall. */
const [before, after] = [
  [700, 772, 900],
  [811, 660, 851],
]

const isOf = ({ scenario, variant }: TrialRecord, name: string) => scenario === 'turns' && variant === name

/** Both numbers of the trials of a variant, in the order of their blocks. */
function setValues({ records }: Run, name: string, values: readonly number[]): void {
  for (const [at, record] of records.filter((each) => isOf(each, name)).entries()) {
    for (const observation of record.observations) {
      const isPrimary =
        observation.metric === primary && observation.scenario === 'paced' && observation.stat === 'p(50)'
      if (isPrimary || observation.metric === described) observation.value = values[at]!
    }
  }
}

function jumpyRun(): Run {
  const run = goldenRun({ samples: 400 })
  setValues(run, 'optimized', before!)
  setValues(run, 'polling', after!)
  return run
}

interface ShownRow {
  a: number
  b: number
  change: number
  difference: number
}

function shownRow(run: Run, metric: string): ShownRow {
  const row = twoCompared(run, 'optimized', 'polling').markup.split(`data-scenario="turns" data-metric="${metric}"`)[1]!
  const [a, b, change, difference] = [...row.matchAll(/ value="([^"]+)"/g)].map(([, value]) => Number(value))
  return { a: a!, b: b!, change: change!, difference: difference! }
}

const mean = (values: readonly number[]) => values.reduce((total, each) => total + each, 0) / values.length

for (const metric of [primary, described]) {
  test(`A, B and the change of ${metric} are means over the same blocks, and agree.`, () => {
    const { a, b, change, difference } = shownRow(jumpyRun(), metric)
    assert.deepEqual([a, b], [mean(before!), mean(after!)])
    assert.equal(difference, b - a)
    assert.ok(Math.abs(change - Math.expm1(mean(after!.map((value, at) => Math.log(value / before![at]!))))) < 1e-12)
    assert.equal(Math.sign(change), Math.sign(difference))
  })

  test(`A block in which the one side of ${metric} cannot be used is in neither mean.`, () => {
    const run = jumpyRun()
    const failed = run.records.filter((each) => isOf(each, 'polling'))[2]!
    failed.failure = { stage: 'load', message: 'x', outputTail: [] }
    const { a, b } = shownRow(run, metric)
    assert.deepEqual([a, b], [mean(before!.slice(0, 2)), mean(after!.slice(0, 2))])
  })
}
