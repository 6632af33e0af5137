import type { Outcome, Rule } from './rule.ts'

/**
 * One trial held against the one before it, as github-action-benchmark does it with `alert-threshold`: an alert where the
 * number is so much worse. Here the one before it is that of the last block, on the same machine; there it may have run anywhere.
 *
 * @param threshold ratio of worse to better: 2 is the action's default (200%), 1.1 a common choice
 */
export const lastValue = (threshold: number): Rule => ({
  name: `last-value-${threshold}`,
  title: `last value, ${Math.round(100 * threshold)}%`,
  description: `one trial, and the control of the block before it; changed: the new value is more than ${Math.round(100 * threshold)}% of the last one, in the direction that is worse`,
  mostPairs: 1,
  sides: 'apart',
  appliesTo: () => true,
  decide: ([pair], better): Outcome => {
    const ratio = better === 'higher' ? pair!.a / pair!.b : pair!.b / pair!.a
    return { found: ratio > threshold ? 'worse' : 'nothing', pairs: 1 }
  },
})
