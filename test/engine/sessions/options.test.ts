import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { equalPart } from '../../../harness/engine/sessions/executors/segment.ts'
import { applyLayer } from '../../../harness/engine/sessions/options/layers.ts'
import type { Raw } from '../../../harness/engine/sessions/options/values.ts'
import { readOptions } from '../../../harness/engine/sessions/options.ts'

const read = (script: Raw, override: Raw = {}) => readOptions(script, override, ['default', 'other'])
const executorsOf = (script: Raw, override: Raw = {}) =>
  read(script, override).scenarios.map(({ executor }) => executor)

describe('what the load is', () => {
  const stages = [{ duration: '1s', target: 2 }]
  const scenarios = { own: { executor: 'constant-vus', vus: 1, duration: '1s' } }
  const cases: [title: string, script: Raw, override: Raw, executors: string[]][] = [
    ['nothing is one iteration of one user', {}, {}, ['per-vu-iterations']],
    ['vus alone change nothing', { vus: 7 }, {}, ['per-vu-iterations']],
    ['iterations, with a duration as their limit', { iterations: 4, duration: '3s', vus: 2 }, {}, ['shared-iterations']],
    ['a duration', { duration: '3s' }, {}, ['constant-vus']],
    ['stages', { stages }, {}, ['ramping-vus']],
    ['empty scenarios are none', { scenarios: {} }, {}, ['per-vu-iterations']],
    ['a duration from outside replaces iterations of the script', { iterations: 4 }, { duration: '3s' }, ['constant-vus']],
    ['stages from outside replace a duration', { duration: '4s' }, { stages }, ['ramping-vus']],
    ['iterations from outside replace scenarios', { scenarios }, { iterations: 4 }, ['shared-iterations']],
    ['vus from outside leave scenarios as they are', { scenarios }, { vus: 4 }, ['constant-vus']],
    ['rps from outside leaves the load as it is', { scenarios }, { rps: 4 }, ['constant-vus']],
  ] // biome-ignore format: one row a case
  for (const [title, script, override, expected] of cases)
    it(title, () => assert.deepEqual(executorsOf(script, override), expected))

  const refused: [title: string, script: Raw, message: RegExp][] = [
    ['iterations and stages', { iterations: 2, stages }, /using `iterations` and `stages` options simultaneously is not allowed/],
    ['duration and scenarios', { duration: '1s', scenarios }, /using `duration` and `scenarios` options/],
    ['a duration of nothing', { duration: '0s' }, /`duration` option should be more than 0, for infinite duration/],
    ['no users', { duration: '1s', vus: 0 }, /vus: expected a whole number of at least 1, found 0/],
    ['fewer iterations than users', { vus: 5, iterations: 2 }, /the number of iterations \(2\) can't be less than the number of VUs \(5\)/],
    ['an executor that does not exist', { scenarios: { a: { executor: 'constant-vuss' } } }, /"constant-vuss"[\s\S]*constant-vus/],
    ['no executor', { scenarios: { a: { vus: 1 } } }, /scenario "a" doesn't have a specified executor type/],
    ['an unknown field', { scenarios: { a: { executor: 'constant-vus', duration: '1s', fooo: 1 } } }, /"fooo"/],
    ['a name with a space', { scenarios: { 'a b': scenarios.own } }, /should contain only numbers, latin letters, underscores, and dashes/],
    ['a function that is not there', { scenarios: { a: { ...scenarios.own, exec: 'gone' } } }, /exports no function "gone"/],
    ['a start in the past', { scenarios: { a: { ...scenarios.own, startTime: '-1s' } } }, /the startTime can't be negative/],
    ['a negative gracefulStop', { scenarios: { a: { ...scenarios.own, gracefulStop: '-1s' } } }, /the gracefulStop timeout can't be negative/],
    ['a stage without a target', { stages: [{ duration: '1s' }] }, /stage 1 doesn't have a target/],
    ['a ramp that never has a user', { stages: [{ duration: '1s', target: 0 }], vus: 0 }, /must be greater than 0/],
    ['no rate', { scenarios: { a: { executor: 'constant-arrival-rate', duration: '1s', preAllocatedVUs: 1 } } }, /the iteration rate isn't specified/],
    ['no preAllocatedVUs', { scenarios: { a: { executor: 'ramping-arrival-rate', stages } } }, /the number of preAllocatedVUs isn't specified/],
    ['no duration of a controlled load', { scenarios: { a: { executor: 'externally-controlled', vus: 1 } } }, /for infinite duration use 0/],
    ['users that are no number', { vus: 'many' }, /options.vus: expected a whole number .* found "many"/],
    ['a switch that is none', { noSetup: 'yes' }, /options.noSetup: expected true or false, found "yes"/],
    ['a text that is none', { userAgent: 5 }, /options.userAgent: expected a text, found 5/],
    ['a tag that is no text', { tags: { a: 1 } }, /options.tags: a: expected a text, found 1/],
    ['a timeout of nothing', { setupTimeout: 0 }, /setupTimeout must be positive/],
    ['a segment that its sequence lacks', { executionSegment: '0:1/3', executionSegmentSequence: '0,1/2,1' }, /can't be found in sequence/],
  ] // biome-ignore format: one row a case
  for (const [title, script, message] of refused)
    it(`refuses ${title}`, () => assert.throws(() => read(script), message))

  const warned: [title: string, script: Raw, override: Raw, warning: RegExp][] = [
    ['vus that have nothing to do', { vus: 3 }, {}, /`vus=3` option will be ignored/],
    ['scenarios that are thrown away', { scenarios }, { duration: '2s' }, /scenarios of the script are overridden entirely .*\(duration\)/],
    ['stages without any', { stages: [] }, {}, /`stages` was explicitly set to an empty value/],
    ['what nobody could resume', { paused: true }, {}, /"paused" has no effect/],
    ['what k6 refuses as too short', { duration: '200ms' }, {}, /"default" lasts 200ms: k6 refuses less than 1s/],
  ] // biome-ignore format: one row a case
  for (const [title, script, override, warning] of warned)
    it(`warns of ${title}`, () => assert.match(read(script, override).warnings.join('\n'), warning))

  it('warns of nothing that k6 does not warn of', () => {
    const options = { vus: 2, duration: '1s', cloud: {}, ext: { loadimpact: {} }, linger: true, noUsageReport: true }
    assert.deepEqual(read(options).warnings.filter((warning) => !warning.includes('ext')), [])
  }) // biome-ignore format: one line
})

describe('layers of options', () => {
  it('take numbers as text, as k6 does, and null for nothing', () => {
    const { scenarios, batch } = read({ vus: '3', duration: '2s', batch: null })
    assert.deepEqual([scenarios[0]!.maxVUs, batch], [3, 20])
  })

  it('show as one to the script: null what nobody gives, the scenario that shortcuts stand for', () => {
    const { consolidated } = read({ vus: 2, duration: '5s' }, { vus: 4 })
    assert.deepEqual(
      [consolidated.vus, consolidated.paused, consolidated.scenarios],
      [4, null, { default: { executor: 'constant-vus', vus: 4, duration: '5s' } }],
    )
  })

  it('let the upper one win, option by option', () => {
    assert.deepEqual(applyLayer({ vus: 1, batch: 2 }, { vus: 3, rps: undefined }), { vus: 3, batch: 2 })
  })

  it('lie below the script where they are defaults', () => {
    const options = readOptions({ batch: 3 }, { rps: 9 }, ['default'], undefined, { batch: 5, batchPerHost: 4 })
    assert.deepEqual([options.batch, options.batchPerHost, options.requestsPerS], [3, 4, 9])
  })
})

describe('one of several processes', () => {
  it('has its share of the users and of the requests per second', () => {
    const options = readOptions({ vus: 5, duration: '1s', rps: 100 }, {}, ['default'], equalPart(1, 2))
    assert.equal(options.scenarios[0]!.maxVUs, 2)
    assert.equal(options.requestsPerS, 50)
  })

  it('runs a part of the segment that the options name', () => {
    const options = readOptions({ vus: 8, duration: '1s', executionSegment: '0:1/2' }, {}, ['default'], equalPart(0, 2))
    assert.equal(options.scenarios[0]!.maxVUs, 2)
    assert.deepEqual([0, 1].map(options.segment.globalIndex), [0, 4])
  })
})
