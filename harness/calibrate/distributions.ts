import { mulberry32 } from '../random.ts'

/** How long an answer is held back, ms. Each is told by its quantile function, so that a draw is one random number. */
export type Distribution =
  | { kind: 'constant'; ms: number }
  | { kind: 'uniform'; fromMs: number; toMs: number }
  /** Two narrow groups, each 2 ms wide, so that no percentile stands on an edge of nothing. */
  | { kind: 'bimodal'; fastMs: number; slowMs: number; slowShare: number }
  /** Heavy-tailed: P(delay > x) = (leastMs / x)^alpha, cut off at `mostMs`. */
  | { kind: 'pareto'; leastMs: number; alpha: number; mostMs: number }

const groupWidthMs = 2

/** The value, ms, that a share `u` (0 to 1) of all delays do not exceed. */
export function quantileMs(distribution: Distribution, u: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.ms
    case 'uniform':
      return distribution.fromMs + u * (distribution.toMs - distribution.fromMs)
    case 'bimodal': {
      const { fastMs, slowMs, slowShare } = distribution
      const fastShare = 1 - slowShare
      return u < fastShare
        ? fastMs + (groupWidthMs * u) / fastShare
        : slowMs + (groupWidthMs * (u - fastShare)) / slowShare
    }
    case 'pareto':
      return Math.min(distribution.mostMs, distribution.leastMs * (1 - u) ** (-1 / distribution.alpha))
  }
}

/** An endless row of delays, ms; the same seed gives the same row. */
export function draws(distribution: Distribution, seed: number): () => number {
  const random = mulberry32(seed)
  return () => quantileMs(distribution, random())
}

/** `bimodal 5 or 60 ms (20%)` */
export function describeDistribution(distribution: Distribution): string {
  switch (distribution.kind) {
    case 'constant':
      return `constant ${distribution.ms} ms`
    case 'uniform':
      return `uniform ${distribution.fromMs} to ${distribution.toMs} ms`
    case 'bimodal':
      return `bimodal ${distribution.fastMs} or ${distribution.slowMs} ms (${100 * distribution.slowShare}%)`
    case 'pareto':
      return `Pareto ${distribution.leastMs} ms, alpha ${distribution.alpha}, at most ${distribution.mostMs} ms`
  }
}
