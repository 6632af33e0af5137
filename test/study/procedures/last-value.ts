import type { Outcome, Rule } from './rule.ts'

/**
 * One trial held against the one before it, as github-action-benchmark does it with `alert-threshold`: an alert where the
 * number is so much worse. Here the one before it ran minutes ago on the same machine, there it may have run anywhere.
 *
 * @param threshold ratio of worse to better: 2 is the action's default (200%), 1.1 a common choice
 */
export const lastValue = (threshold: number): Rule => ({
  name: `last-value-${threshold}`,
  title: `last value, ${Math.round(100 * threshold)}%`,
  description: `one pair; changed: the new value is more than ${Math.round(100 * threshold)}% of the last one, in the direction that is worse`,
  mostPairs: 1,
  appliesTo: () => true,
  decide: ([pair], better): Outcome => {
    const ratio = better === 'higher' ? pair!.a / pair!.b : pair!.b / pair!.a
    return { found: ratio > threshold ? 'worse' : 'nothing', pairs: 1 }
  },
})
