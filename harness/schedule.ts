import { mulberry32 } from './random.ts'

/** The random choices of a campaign or comparison, all from one seed: pure. */

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

export interface PairDesign {
  /** Of each scenario. */
  pairs: number
  scenarios: readonly string[]
  /** Side A. */
  against: string
  /** Side B. */
  variant: string
  seed: number
}

/**
 * Two variants, pair by pair. A round holds one pair of every scenario, in random order; a pair is two trials, one right
 * after the other. Which side comes first is the flip of a coin, balanced in blocks of two pairs: of every two of a
 * scenario one begins with each side, so that what coming second is worth cancels out of any even number of pairs.
 */
export function planPairs({ pairs, scenarios, against, variant, seed }: PairDesign): PlannedTrial[] {
  const random = mulberry32(seed)
  const isBaselineFirst = new Map<string, boolean>()
  const trials: PlannedTrial[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    for (const scenario of shuffled(scenarios, random)) {
      const isFirst = pair % 2 === 1 ? random() < 0.5 : !isBaselineFirst.get(scenario)
      isBaselineFirst.set(scenario, isFirst)
      const [a, b] = [
        { side: 'A', variant: against },
        { side: 'B', variant },
      ] as const
      for (const [index, each] of (isFirst ? [a, b] : [b, a]).entries())
        trials.push({ block: pair, pair, position: index + 1, scenario, ...each })
    }
  }
  return trials
}

/**
 * Turns of servers that are alive together, so many each: rounds in which each has one, in random order, every second round
 * the one before it backwards, so that what it is worth to come behind another cancels out of any even number of rounds.
 *
 * @returns the indices of the servers, 0 for the first
 */
export function planTurns(each: number, servers: number, seed: number): number[] {
  const random = mulberry32(seed)
  const all = Array.from({ length: servers }, (_, index) => index)
  let round = all
  return Array.from({ length: each }, (_, index) => {
    round = index % 2 === 0 ? shuffled(all, random) : round.toReversed()
    return round
  }).flat()
}

/**
 * Two scenarios that do the same under one variant, pair by pair, one right after the other; which comes first is balanced as
 * in `planPairs`. Both are of side A: neither is what a variant is compared with. Blocks go on behind those that there are.
 */
export function planChecks({
  scenarios,
  variant,
  pairs,
  firstBlock,
  seed,
}: {
  scenarios: readonly [string, string]
  variant: string
  pairs: number
  firstBlock: number
  seed: number
}): PlannedTrial[] {
  const [first] = scenarios
  return planPairs({ pairs, scenarios: [first], against: first, variant: scenarios[1], seed }).map((trial) => ({
    ...trial,
    block: trial.block + firstBlock - 1,
    side: 'A',
    scenario: trial.variant,
    variant,
  }))
}

/** Tries of a search, in rounds: each variant has one in each, in random order. Blocks go on behind those that there are. */
export function planTries({
  scenario,
  variants,
  baseline,
  rounds,
  firstBlock,
  seed,
}: {
  scenario: string
  variants: readonly string[]
  baseline: string
  rounds: number
  firstBlock: number
  seed: number
}): PlannedTrial[] {
  const trials = planTrials({ blocks: rounds, cells: [{ scenario, variants }], baseline, seed })
  return trials.map((trial) => ({ ...trial, block: trial.block + firstBlock - 1, pair: trial.pair + firstBlock - 1 }))
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
