import { logRatios } from '../../../harness/compare/estimate.ts'
import { fewestPairs, lookLevels, planLooks } from '../../../harness/compare/looks.ts'
import { takeLooks } from '../../../harness/compare/take-looks.ts'
import { decidePairs, type Margins } from '../../../harness/compare/verdict.ts'
import type { Outcome, Rule } from './rule.ts'

/** Two-sided error of one metric over all looks, as `weir compare` has it. */
export const alpha = 0.003

/**
 * The comparison of this project, with the functions that `weir compare` itself uses.
 *
 * @param budget the most pairs, and what they are called
 */
export function sequential({ pairs, title }: { pairs: number; title: string }, margins: Margins): Rule {
  const { change, equivalence } = margins
  const levels = pairs < fewestPairs ? [] : lookLevels(planLooks(pairs, alpha), alpha, pairs)
  const looks = levels.map((level) => level.pairs).join(', ')
  return {
    name: `weir, ${title}, ${change}`,
    title: `weir, ${title}, margin ${100 * change}%`,
    description: `at most ${pairs} pairs, ${looks === '' ? 'which are too few for a look' : `looks at ${looks}`}; changed: the interval lies beyond ${100 * change}%; ${endOf(equivalence)}`,
    mostPairs: pairs,
    sides: 'together',
    appliesTo: () => true,
    decide: (all, better): Outcome => {
      const logs = all.slice(0, pairs).map(({ a, b }) => logRatios([a], [b])?.[0] ?? null)
      const looked = takeLooks(logs, levels, (interval, used) => decidePairs(used, interval, better, margins))
      const last = looked.at(-1)
      const used = last && last.verdict !== 'inconclusive' ? last.pairs : pairs
      if (last?.verdict === 'regressed') return { found: 'worse', pairs: used }
      return { found: last?.verdict === 'improved' ? 'better' : 'nothing', pairs: used }
    },
  }
}

const endOf = (equivalence: number): string =>
  equivalence === 0
    ? 'it goes on until then'
    : `it ends as well where the interval lies within ${100 * equivalence}% ("equivalent")`
