import { defaultMargins, marginsFrom } from '../../../harness/compare/verdict.ts'
import { lastValue } from './last-value.ts'
import { apart, type Rule } from './rule.ts'
import { sequential } from './sequential.ts'
import { tachometer } from './tachometer.ts'
import { welch } from './welch.ts'

/** The most pairs of a comparison that has no budget. */
export const mostPairs = 80

/** 0 asks whether anything changed at all, 1% is the default of a gate. */
export const margins = [0, defaultMargins.change]

/** What is asked for, in minutes of measuring; null: as long as it takes. */
export const budgets = [5, 15, null] as const
export type Budget = (typeof budgets)[number]

/** All that is compared, in the order of columns. */
export interface Rules {
  weir: (budget: Budget, margin: number) => Rule
  peers: Rule[]
  all: Rule[]
}

/**
 * @param secondsATrial tells how many pairs go into a budget
 * @param usableShare of the pairs that are run those that count; the same rules have the same names whatever it is
 */
export function rulesFor(secondsATrial: number, usableShare = 1): Rules {
  const pairsIn = (minutes: number) => Math.floor((minutes * 60 * usableShare) / (2 * secondsATrial))
  const amount = (budget: Budget) =>
    budget === null
      ? { pairs: mostPairs, title: `${mostPairs} pairs` }
      : { pairs: pairsIn(budget), title: `${budget} min` }
  const own = new Map(
    budgets.flatMap((budget) =>
      margins.map((margin): [string, Rule] => [
        `${budget} ${margin}`,
        sequential(amount(budget), marginsFrom({ change: margin })),
      ]),
    ),
  )
  const unpaired = [tachometer(mostPairs), welch({ pairs: 1, title: 'one pair' }), welch(amount(5))]
  const peers = [...unpaired.flatMap((rule) => [rule, apart(rule)]), lastValue(1.1), lastValue(2)]
  return { weir: (budget, margin) => own.get(`${budget} ${margin}`)!, peers, all: [...own.values(), ...peers] }
}
