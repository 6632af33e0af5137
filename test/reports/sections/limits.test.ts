import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { checkLimits } from '../../../harness/gate/limits.ts'
import { limits as inMarkdown } from '../../../reports/markdown/limits.ts'
import { limits } from '../../../reports/sections/limits.ts'
import { viewOf } from '../../../reports/view.ts'
import { gatedRun, p95 } from '../../gate/gated-run.ts'
import { goldenRun } from '../../support/records.ts'

const crossed = { ...p95, expression: 'p(95)<50' }
const run = gatedRun({
  latencyMs: 100,
  late: 1,
  limits: [p95, crossed, { ...p95, metric: 'http_req_retried', expression: 'count<1' }],
})
const view = viewOf(run, compareRun(run))
const markup = limits.render(view)!.markup

test('Each limit of a gate stands beside what was measured of the head, with sign and word of its outcome.', () => {
  const expected = checkLimits(run)
  assert.deepEqual(
    expected.map(({ outcome }) => outcome),
    ['held', 'crossed', 'held'],
  )
  const rows = markup.split('<tr data-limit=').slice(1)
  const signs = { held: '✓', crossed: '✕', 'not measured': '–' }
  for (const [at, { outcome, value, trials, expression }] of expected.entries()) {
    assert.ok(rows[at]!.includes(`data-outcome="${outcome}"`))
    assert.ok(rows[at]!.includes(`>${signs[outcome]}</span> ${outcome}`))
    assert.ok(rows[at]!.includes(`<data class="estimate" value="${value}">`))
    assert.ok(rows[at]!.includes(`${trials} trials`))
    assert.ok(rows[at]!.includes(expression.replace('<', '&lt;')))
  }
  assert.match(rows[0]!, /1 excluded/)
})

test('The same stands in Markdown, what is crossed in bold.', () => {
  const text = inMarkdown.render(view)
  assert.match(text, /\*\*crossed\*\*/)
  assert.equal(text.split('\n').length, 5)
})

test('A run that is no gate has no limits.', () => {
  const golden = goldenRun({ samples: 10, blocks: 1 })
  const plain = viewOf(golden, compareRun(golden))
  assert.equal(limits.render(plain), null)
  assert.equal(inMarkdown.render(plain), '')
})
