import { mulberry32 } from './random.ts'

/** The random choices of a campaign, all from one seed: pure. */

export interface PlannedTrial {
  /** 1-based. */
  block: number
  pair: number
  side: 'A' | 'B'
  position: number
  scenario: string
  variant: string
}

export interface Design {
  blocks: number
  /** What a block holds: for each scenario the variants that run under it. */
  cells: readonly { scenario: string; variants: readonly string[] }[]
  baseline: string
  seed: number
}

/**
 * Complete blocks: each holds every cell, and so each variant of a scenario, once. Within a block scenarios come in random order,
 * and within a scenario variants do, so that what drifts (heat, neighbours, caches) meets all of them alike and trials
 * that are compared stand close together in time.
 */
export function planTrials({ blocks, cells, baseline, seed }: Design): PlannedTrial[] {
  const random = mulberry32(seed)
  const trials: PlannedTrial[] = []
  for (let block = 1; block <= blocks; block++) {
    for (const { scenario, variants } of shuffled(cells, random)) {
      for (const [index, variant] of shuffled(variants, random).entries()) {
        trials.push({
          block,
          pair: block,
          side: variant === baseline ? 'A' : 'B',
          position: index + 1,
          scenario,
          variant,
        })
      }
    }
  }
  return trials
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items]
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[result[index], result[other]] = [result[other]!, result[index]!]
  }
  return result
}
