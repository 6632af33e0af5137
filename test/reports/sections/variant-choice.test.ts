import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { escapeHtml } from '../../../reports/html.ts'
import { compareTwo } from '../../../reports/sections/compare-two.ts'
import { forest } from '../../../reports/sections/forest.ts'
import { matrix } from '../../../reports/sections/matrix.ts'
import { verdicts } from '../../../reports/sections/verdicts.ts'
import { viewOf } from '../../../reports/view.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { goldenRun, goldenVariants } from '../../support/records.ts'

const hostile = '"><script>alert(1)</script>'
const [optimized, polling, perCall] = goldenVariants
const run = goldenRun({ samples: 400, variants: [optimized!, polling!, { ...perCall!, name: hostile }] })

const markupOf = (of: Run, section: typeof matrix): string => section.render(viewOf(of, compareRun(of)))?.markup ?? ''

const chosenBy = (markup: string): string[] =>
  [...markup.matchAll(/href="#compare-two" data-variant="([^"]*)"/g)].map(([, name]) => name!)

for (const [section, names] of [
  [matrix, ['polling', hostile]],
  [verdicts, ['optimized', 'polling', hostile]],
  [forest, ['polling', hostile]],
] as const) {
  test(`Every name of a variant in #${section.id} chooses it for the comparison of any two.`, () => {
    const markup = markupOf(run, section)
    assert.deepEqual([...new Set(chosenBy(markup))], names.map(escapeHtml))
    assert.equal(chosenBy(markup).length, markup.split('<span class="variant">').length - 1)
    assert.ok(markupOf(run, compareTwo).includes(`data-name="${escapeHtml(names[0])}"`))
  })
}

test('Where there is no comparison of any two no name leads to it.', () => {
  const paired = pairedRun({ pairs: 13, ratio: () => 1.05, planned: { ended: 'decided' } })
  assert.equal(markupOf(paired, compareTwo), '')
  for (const section of [matrix, forest]) {
    assert.match(markupOf(paired, section), /class="variant"/)
    assert.deepEqual(chosenBy(markupOf(paired, section)), [])
  }
})
