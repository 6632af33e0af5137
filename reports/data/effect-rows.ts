import { verdictOrder } from '../sections/verdict-words.ts'
import type { Effect, EffectsOfMetric, EffectsOfNumber } from './effects.ts'

/** An effect in numbers: a page packs rows of them by columns, in a third of the bytes. The verdict by its place in `verdictOrder`. */
type EffectRow = [
  variant: number,
  estimate: number | null,
  lower: number | null,
  upper: number | null,
  pairs: number,
  verdict: number | null,
]

export interface EffectRowsOfMetric {
  title: string
  numbers: (Omit<EffectsOfNumber, 'effects'> & { effects: EffectRow[] })[]
}

export const effectRows = ({ title, numbers }: EffectsOfMetric): EffectRowsOfMetric => ({
  title,
  numbers: numbers.map(({ effects, ...number }) => ({ ...number, effects: effects.map(rowOfEffect) })),
})

export const effectsOfRows = ({ title, numbers }: EffectRowsOfMetric): EffectsOfMetric => ({
  title,
  numbers: numbers.map(({ effects, ...number }) => ({ ...number, effects: effects.map(effectOfRow) })),
})

const rowOfEffect = ({ variant, estimate, lower, upper, pairs, verdict }: Effect): EffectRow => [
  variant,
  ...([rounded(estimate), rounded(lower), rounded(upper)] as const),
  pairs,
  verdict === null ? null : verdictOrder.indexOf(verdict),
]

function effectOfRow([variant, estimate, lower, upper, pairs, place]: EffectRow): Effect {
  const verdict = place === null ? 'none' : verdictOrder[place]!
  return { variant, estimate, lower, upper, pairs, verdict: verdict === 'none' ? null : verdict }
}

/** Shown are three decimals of it; with seven, rounding twice hardly ever comes out otherwise than rounding once. */
const rounded = (ratio: number | null): number | null => (ratio === null ? null : Number(ratio.toFixed(7)))
