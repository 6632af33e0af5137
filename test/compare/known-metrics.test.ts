import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertKnownMetrics } from '../../harness/compare/known-metrics.ts'
import { UserError } from '../../harness/errors.ts'

const margins = { change: 0.01, equivalence: 0.03 }
const check = (metric: string) =>
  assertKnownMetrics([{ scenario: 'browse', metric, margins }], [{ name: 'retries', kind: 'counter' }])

test('A gate metric may be any statistic that its metric has, of a gauge its maximum, too', () => {
  for (const metric of ['http_req_duration p(99)', 'retries rate', 'vus max', 'target_rss_peak{phase:main} value'])
    check(metric)
})

const refused: [metric: string, message: RegExp][] = [
  ['http_req_durations p(99)', /gate metric "http_req_durations" does not exist\. Did you mean "http_req_duration"\?/],
  ['http_req_failed{phase:main} count', /a rate metric has no "count"\. It has: rate$/],
  ['target_rss_peak count', /a value metric has no "count"\. It has: value$/],
  ['target_heap_used value', /"target_heap_used" is a line over time.*Expected one of: target_heap_used_peak$/],
]
for (const [metric, message] of refused)
  test(`Refused before the first pair is: ${metric}`, () => {
    assert.throws(
      () => check(metric),
      (error) => error instanceof UserError && message.test(error.message),
    )
  })
