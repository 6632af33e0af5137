import type { PooledPair } from '../pool/pool.ts'

/** Pairs of these values; each side's per-second rates are its value, a little more and a little less. */
export const pairsOf = (a: readonly number[], b: readonly number[]): PooledPair[] =>
  a.map((value, at) => ({
    block: at + 1,
    machine: 'f',
    place: 1,
    a: value,
    b: b[at]!,
    ratesA: [value - 1, value, value + 1],
    ratesB: [b[at]! - 1, b[at]!, b[at]! + 1],
  }))
