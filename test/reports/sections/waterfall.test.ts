import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AblationOf, Worth } from '../../../harness/compare/ablation.ts'
import { waterfallOf, waterfallStep } from '../../../reports/sections/waterfall.ts'

const worth = (estimate: number): Worth => ({ estimate, lower: estimate - 0.05, upper: estimate + 0.05, pairs: 3 })

const ablation: AblationOf = {
  ...{ scenario: 's', metric: 'm p(50)', role: 'primary', unit: 'ms', better: 'lower' },
  singles: [
    { variant: 'a', worth: worth(1) },
    { variant: 'apart', worth: worth(0.8) },
    { variant: 'b', worth: worth(0.5) },
    { variant: 'faster', worth: worth(-0.2) },
    { variant: 'unknown', worth: null },
  ],
  together: { variant: 'all', worth: worth(1.2) },
  sum: worth(1.4),
  summed: ['a', 'b', 'faster'],
  notSummed: ['unknown'],
  apart: ['apart'],
  notRun: [],
  failing: [],
}

test('Each step begins where those before it have led to, what does not belong into the sum at none.', () => {
  const { starts } = waterfallOf(ablation)
  const expected = { a: 1, apart: 1, b: 2, faster: 3, unknown: 1 }
  assert.deepEqual(Object.fromEntries(starts), expected)
})

test('Without a sum nothing is put after another.', () => {
  const { starts } = waterfallOf({ ...ablation, sum: null })
  assert.deepEqual([...new Set(starts.values())], [1])
})

test('All steps, their intervals and the totals lie on the scale.', () => {
  const { scale } = waterfallOf(ablation)
  assert.ok(scale.from < 1 && scale.to > 2 * 1.55)
})

test('A step is drawn from its start to its end, with the interval of its end.', () => {
  const { scale } = waterfallOf(ablation)
  const markup = (waterfallStep(scale, 'ground', 2, worth(0.5)) as { markup: string }).markup
  assert.match(markup, /<rect class="step"/)
  assert.match(markup, /<path class="bar"/)
  const back = (waterfallStep(scale, 'ground', 3, worth(-0.2)) as { markup: string }).markup
  const [, width] = /width="([\d.]+)"/.exec(back.split('<rect')[1]!)!
  assert.ok(Number(width) > 0, 'a step back has a width, too')
})

test('Without an interval only the step and its end are drawn.', () => {
  const { scale } = waterfallOf(ablation)
  const alone = { ...worth(0.5), lower: null, upper: null }
  assert.ok(!(waterfallStep(scale, 'ground', 1, alone) as { markup: string }).markup.includes('class="bar"'))
})
