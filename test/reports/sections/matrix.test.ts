import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { formatRatio } from '../../../reports/format.ts'
import { matrix } from '../../../reports/sections/matrix.ts'
import { verdicts } from '../../../reports/sections/verdicts.ts'
import { viewOf } from '../../../reports/view.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { goldenRun } from '../../support/records.ts'

const viewed = (run: Run) => viewOf(run, compareRun(run))
const markupOf = (run: Run): string => matrix.render(viewed(run))?.markup ?? ''
/** Of the cells; names of variants lead elsewhere. */
const linksIn = (markup: string): string[] =>
  [...markup.matchAll(/<a class="verdict [^>]* href="#([^"]+)"/g)].map(([, target]) => target!)

const golden = goldenRun({ samples: 400 })

test('Each cell has sign, word and estimate of the verdict, and leads to it.', () => {
  const markup = markupOf(golden)
  const details = verdicts.render(viewed(golden))!.markup
  const primaries = compareRun(golden).comparisons.filter(({ primary }) => primary)
  assert.equal(linksIn(markup).length, primaries.length)
  for (const target of linksIn(markup)) assert.ok(details.includes(`<td id="${target}"`), target)
  for (const { scenario, variant, verdict, estimate } of primaries) {
    const [, anchor] = new RegExp(`<td id="([^"]+)" data-scenario="${scenario}" data-variant="${variant}"`).exec(
      details,
    )!
    const cell = markup.split(`<a class="verdict ${verdict}" href="#${anchor}"`)[1]!.split('</a>')[0]!
    assert.ok(cell.includes(`${verdict} </span>${formatRatio(estimate)}`), cell)
  }
})

test('A cell that was not planned is empty; one that was planned and has no pair says so.', () => {
  const run = structuredClone(golden)
  run.header.cells = [
    { scenario: 'turns', variants: ['optimized', 'polling'] },
    { scenario: 'ten-thousand-sessions', variants: ['optimized', 'polling', 'mutex'] },
  ]
  run.records = run.records.filter(
    ({ scenario, variant }) => variant === 'optimized' || (variant === 'polling' && scenario === 'turns'),
  )
  const [, polling = '', mutex = ''] = markupOf(run).split('<tr data-variant=')
  assert.ok(!markupOf(run).includes('per-call-client'))
  assert.equal(linksIn(polling).length, 2)
  assert.match(polling, /no verdict <\/span><\/a>/)
  assert.equal(mutex.split('<td></td>').length - 1, 1)
})

test('Of two variants that were compared pair by pair each gate metric leads to its row.', () => {
  const run = pairedRun({ pairs: 13, ratio: () => 1.05, planned: { ended: 'decided' } })
  assert.deepEqual(linksIn(markupOf(run)), ['compared-0'])
  assert.match(markupOf(run), /class="verdict regressed"/)
})

test('Where only the baseline was measured there is no matrix.', () => {
  const alone = goldenRun({
    samples: 400,
    variants: [golden.header.variants[0]!].map(({ name }) => ({ ...base, name })),
  })
  assert.equal(matrix.render(viewed(alone)), null)
})

const base = { name: '', description: '', addedMs: 0, slower: 0, cpuMsPerTurn: 1, rssMB: 100 }
