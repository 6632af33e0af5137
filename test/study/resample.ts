import { mulberry32 } from '../../harness/random.ts'
import { byMachine, type PooledPair } from './pool/pool.ts'

export interface Resampling {
  /** Comparisons that are drawn. */
  comparisons: number
  /** Pairs of each. */
  length: number
  /** So many pairs that were recorded one after the other are drawn together. */
  pieceLength: number
  seed: number
  /**
   * Both sides are the same server: which of them was called A is of no meaning, so each piece is turned round by the toss of
   * a coin. Otherwise the pool's own mean, which is never quite zero, would be a difference that is there.
   */
  isTwin: boolean
}

/**
 * Comparisons drawn from the pairs of a pool with replacement, one by one, or in pieces of consecutive pairs, each from a
 * random place of the ring that the pool is bent into, so that what neighbours have in common stays in (circular block
 * bootstrap, Politis & Romano 1992). Each comparison has pairs of one machine, a machine's chance being its share of the
 * pairs: nobody's comparison moves from one to another half-way.
 *
 * @param pool in the order in which pairs were recorded, at least one
 */
export function* resample(pool: readonly PooledPair[], resampling: Resampling): Generator<PooledPair[]> {
  const random = mulberry32(resampling.seed)
  const machines = byMachine(pool)
  const anyMachine = (): string => pool[Math.floor(random() * pool.length)]!.machine
  for (let drawn = 0; drawn < resampling.comparisons; drawn++)
    yield comparison(machines.get(anyMachine())!, resampling, random)
}

function comparison(
  pool: readonly PooledPair[],
  { length, pieceLength, isTwin }: Resampling,
  random: () => number,
): PooledPair[] {
  const pairs: PooledPair[] = []
  while (pairs.length < length) {
    const from = Math.floor(random() * pool.length)
    const isTurned = isTwin && random() < 0.5
    for (let at = 0; at < pieceLength && pairs.length < length; at++) {
      const pair = pool[(from + at) % pool.length]!
      pairs.push(isTurned ? turned(pair) : pair)
    }
  }
  return pairs
}

const turned = ({ a, b, ratesA, ratesB, place, ...where }: PooledPair): PooledPair => ({
  ...where,
  place: -place,
  a: b,
  b: a,
  ratesA: ratesB,
  ratesB: ratesA,
})
