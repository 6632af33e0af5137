import { leastMultiple, minus, type Rational } from './rational.ts'

/** From and to of one part of the whole; the whole is 0 to 1. */
export interface Range {
  from: Rational
  to: Rational
}

/** A pattern of `cycle` indexes that repeats for ever, with the ones in it that belong to each part, ascending. */
export interface Stripes {
  cycle: number
  owned: number[][]
}

/** Segments such as 0:0.1234567 make patterns that nobody needs and that take minutes to lay out. */
const longestCycle = 10_000_000

/**
 * Who gets which index, so that each part gets its share of any number of them, spread as evenly as it goes. The
 * larger parts choose first; a part takes an index as soon as it has had fewer than its share of those before.
 * @param parts without gaps, from 0 to 1
 * @returns null where the pattern would be too long
 */
export function layOutStripes(parts: readonly Range[]): Stripes | null {
  const lengths = parts.map(({ from, to }) => minus(to, from))
  const common = lengths.reduce((multiple, { den }) => leastMultiple(multiple, den), 1n)
  if (common > BigInt(longestCycle)) return null
  const cycle = Number(common)
  const shares = lengths.map(({ num, den }) => Number(num * (common / den)))
  const largestFirst = shares.map((_, part) => part).sort((a, b) => shares[b]! - shares[a]!)
  const owned: number[][] = shares.map(() => [])
  for (let index = 0; index < cycle; index++) {
    const taker = largestFirst.find((part) => index * shares[part]! >= owned[part]!.length * cycle)
    if (taker !== undefined) owned[taker]!.push(index)
  }
  return { cycle, owned }
}
