import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { textOf } from '../../../reports/html.ts'
import { reading } from '../../../reports/sections/reading.ts'
import { viewOf } from '../../../reports/view.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { goldenRun } from '../../support/records.ts'

const told = (run: Run): string => textOf(reading.render(viewOf(run, compareRun(run)))!)

const campaign = goldenRun({ samples: 400, blocks: 2 })
const ablation: Run = { ...campaign, header: { ...campaign.header, ablation: { together: 'mutex', of: null } } }
const comparison = pairedRun({ pairs: 12 })

const formulas: [of: string, run: Run, formula: string][] = [
  ['the intended time', campaign, 'intended = queue + service'],
  ['time to first token', campaign, '(TTFT) = first content − intended start'],
  ['time between tokens', campaign, '(last content − first content) ÷ (n − 1)'],
  ['the ratio of a pair', campaign, 'd = ln(variant ÷ optimized)'],
  ['the interval over blocks', campaign, 'mean of d ± t(0.975, n − 1) × s ÷ √n'],
  ['the smallest effect', campaign, 'exp(half of the interval of d + ln(1.01)) − 1'],
  ['the axis of percentiles', campaign, '1 ÷ (1 − p)'],
  ['CPU per operation', campaign, 'CPU time of the target in the phase ÷ operations'],
  ['memory per session', campaign, '(RSS at N sessions − RSS at none) ÷ N'],
  ['the limit on lateness', campaign, 'the larger of 2 ms and a tenth of the measured p99'],
  ['the sum of an ablation', ablation, 'exp(sum of ln(variant ÷ optimized)) − 1'],
  ['the middle of pairs', comparison, 'median of (dᵢ + dⱼ) ÷ 2 over all i ≤ j'],
  ['the ratio of two variants', comparison, 'd = ln(new ÷ base)'],
]
for (const [of, run, formula] of formulas)
  test(`The formula of ${of} stands on the page`, () => {
    assert.ok(told(run).includes(formula), told(run))
  })

test('What a run has not used is not explained on its page', () => {
  assert.doesNotMatch(told(campaign), /make together/)
  assert.doesNotMatch(told(comparison), /Student|TTFT|Lines over time/)
})
