import type { Better } from '../../../harness/metrics/table.ts'
import type { StudyMetric } from '../metrics.ts'
import type { PooledPair } from '../pool/pool.ts'

/** A way to tell from pairs whether B differs from A. */
export interface Rule {
  name: string
  /** Heads its column. */
  title: string
  /** How it decides, as a sentence of the document. */
  description: string
  /** Pairs that it may ask for. */
  mostPairs: number
  /**
   * together: it is asked of the sides of a pair, which had the load by turns. apart: of B and the A of the block before, as
   * whoever measures one after the other has them.
   */
  sides: 'together' | 'apart'
  appliesTo(metric: StudyMetric): boolean
  /** @param pairs in order, at least `mostPairs` of them */
  decide(pairs: readonly PooledPair[], better: Better): Outcome
}

export interface Outcome {
  /** What is said of B. */
  found: 'worse' | 'better' | 'nothing'
  /** Pairs that were measured before it was said. */
  pairs: number
}

/** The same rule, asked of sides that ran one after the other. */
export const apart = (rule: Rule): Rule => ({
  ...rule,
  name: `${rule.name}-apart`,
  title: `${rule.title}, apart`,
  description: `the same, of sides that ran one after the other`,
  sides: 'apart',
})

/** @param sign of B - A, or of ln(B/A) */
export const directionOf = (sign: number, better: Better): 'worse' | 'better' =>
  sign > 0 === (better === 'lower') ? 'worse' : 'better'
