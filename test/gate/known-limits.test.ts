import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import { assertKnownLimits } from '../../harness/gate/known-limits.ts'
import type { DeclaredMetric } from '../../harness/metrics/table.ts'

const declared: DeclaredMetric[] = [{ name: 'answers_wrong', kind: 'counter' }]
const check = (metric: string, expression: string) =>
  assertKnownLimits([{ scenario: 'browse', metric, expression }], declared)

test('A limit may be on a metric of the table, of client or server, and on one of the script', () => {
  check('http_req_duration{scenario:a}', 'p(99)<250')
  check('target_rss_peak{phase:a}', 'value<200')
  check('answers_wrong', 'count<1')
  check('vus', 'value<50')
  check('ws_sessions_open', 'value<50')
})

test('A limit on what nobody measures is refused before anything starts', () => {
  const refused: [metric: string, expression: string, message: RegExp][] = [
    [
      'http_req_duratoin',
      'p(99)<1',
      /^scenario "browse": limit "p\(99\)<1": metric "http_req_duratoin" does not exist\. Did you mean "http_req_duration"\?/,
    ],
    [
      'target_rss',
      'value<200',
      /^scenario "browse": limit "value<200": metric "target_rss" is a line over time, and no trial has one number of it\. Expected one of: target_rss_peak, target_rss_mean/,
    ],
    ['answers_wrong', 'p(99)<1', /a counter metric has no "p\(99\)". It has: count, rate$/],
  ]
  for (const [metric, expression, message] of refused)
    assert.throws(
      () => check(metric, expression),
      (error) => error instanceof UserError && message.test(error.message),
    )
})
