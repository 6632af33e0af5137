import type { TrialRecord } from '../record/schema.ts'
import { counted } from './figures.ts'
import type { Pair } from './pairs.ts'

/** One side's trials fail more often than chance explains. */
export interface FailingSide {
  side: 'A' | 'B'
  /** `head fails in 20 of 40 pairs, base in 1 (the server died)` */
  words: string
}

interface WholePair {
  baseline: TrialRecord
  variant: TrialRecord
}

/**
 * Whose trials came to no end, or did not do what the script says must hold, more often: such trials have no numbers, and what
 * is left is a choice of that side's good days. Pairs in which one side alone failed are held against the toss of a coin (the
 * sign test): of two servers that are alike it is either of them, also where a pair's second trial suffers from its first.
 *
 * @param error one-sided
 */
export function whoseTrialsFail(pairs: readonly Pair[], error: number): FailingSide | null {
  const whole = wholePairs(pairs)
  const alone = failingAlone(whole)
  const side = alone.B.length >= alone.A.length ? 'B' : 'A'
  const tosses = alone.A.length + alone.B.length
  if (tosses === 0 || chanceOfTosses(alone[side].length, tosses) > error) return null
  return { side, words: inWords(whole, side) }
}

/**
 * Whether a few pairs more may tell whose fault it is: in half of them or more one side failed alone, the other never did, and
 * they are too few to be no chance.
 *
 * @param error one-sided
 */
export function isNearlyBlamed(pairs: readonly Pair[], error: number): boolean {
  const whole = wholePairs(pairs)
  const { A, B } = failingAlone(whole)
  const alone = Math.max(A.length, B.length)
  return Math.min(A.length, B.length) === 0 && 2 * alone >= whole.length && alone > 0 && alone < pairsToBlame(error)
}

/** Pairs, in each of which one and the same side fails alone, that are no chance any more. */
const pairsToBlame = (error: number): number => Math.ceil(-Math.log2(error))

const wholePairs = (pairs: readonly Pair[]): WholePair[] =>
  pairs.flatMap(({ baseline, variant }) => (baseline && variant ? [{ baseline, variant }] : []))

const failingAlone = (whole: readonly WholePair[]): Record<'A' | 'B', WholePair[]> => ({
  A: whole.filter(({ baseline, variant }) => hasFailed(baseline) && !hasFailed(variant)),
  B: whole.filter(({ baseline, variant }) => !hasFailed(baseline) && hasFailed(variant)),
})

function inWords(whole: readonly WholePair[], side: 'A' | 'B'): string {
  const [ofA, ofB] = [whole.map(({ baseline }) => baseline), whole.map(({ variant }) => variant)]
  const [its, others] = side === 'A' ? [ofA, ofB] : [ofB, ofA]
  const [first] = its.flatMap(failuresOf)
  const often = `${its.filter(hasFailed).length} of ${counted(whole.length, 'pair')}`
  return `${its[0]!.variant} fails in ${often}, ${others[0]!.variant} in ${others.filter(hasFailed).length} (${first})`
}

/** Who had to stop since the other side failed has not failed itself, whatever its load had not come to by then. */
const failuresOf = ({ failure, invalid }: TrialRecord): string[] => {
  if (failure) return failure.stage === 'turns' ? [] : [failure.message]
  return invalid.filter(({ code }) => code === 'check-failed').map(({ message }) => message)
}

const hasFailed = (record: TrialRecord): boolean => failuresOf(record).length > 0

/** That at least so many of the tosses of a coin are heads. */
function chanceOfTosses(heads: number, tosses: number): number {
  let chance = 0.5 ** tosses
  let atMost = 0
  for (let tails = 0; tails <= tosses - heads; tails++) {
    atMost += chance
    chance *= (tosses - tails) / (tails + 1)
  }
  return atMost
}
