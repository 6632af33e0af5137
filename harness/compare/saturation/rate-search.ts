import type { RatePlan } from '../../record/schema.ts'

/** One load at a rate. unusable: it says nothing of the target. */
export interface Try {
  rate: number
  outcome: 'held' | 'failed' | 'unusable'
}

export interface RateAnswer {
  /**
   * found: `lower` holds, `upper` does not. lowest-fails, highest-holds: at the end of what may be tried. unmeasurable: what lies
   * above `lower` could not be used. open: not told apart within the tries, or not yet.
   */
  state: 'found' | 'lowest-fails' | 'highest-holds' | 'unmeasurable' | 'open'
  /** The highest rate known to hold below any that does not. */
  lower: number | null
  /** The lowest that does not hold, or could not be measured. */
  upper: number | null
}

type Limits = Pick<RatePlan, 'from' | 'to' | 'precision' | 'tries' | 'loads'>

/** Of five tries at an edge three decide it: one that the machine disturbed does not move it. */
const majority = 3

/**
 * The next rate to try, from those that were: up from the lowest by doubling until one fails, then by bisection on a log scale,
 * since rates that differ by a factor are equally far apart. The two sides of the edge that is left are tried until three tries
 * of each agree; a side that turns out to be on the other side moves the edge, and the bisection goes on there.
 *
 * @returns whole arrivals a second; null: it is decided, or all tries are spent
 */
export function nextRate(tries: readonly Try[], limits: Limits): number | null {
  const usable = tries.filter(({ outcome }) => outcome !== 'unusable')
  if (usable.length >= limits.tries || tries.length >= limits.loads) return null
  const rates = countedByRate(tries)
  const open = rates.find(({ lean }) => lean === 'undecided')
  if (open) return open.rate
  const { lower, upper } = edgesOf(rates)
  if (upper === null) {
    if (lower === null) return limits.from
    if (lower.rate < limits.to) return Math.min(limits.to, lower.rate * 2)
    return lower.isSure ? null : lower.rate
  }
  if (lower === null) return upper.isSure ? null : upper.rate
  if (!areAdjacent(lower.rate, upper.rate, limits)) return between(lower.rate, upper.rate)
  const unsure = [lower, upper].filter(({ isSure }) => !isSure).sort((a, b) => a.count - b.count)
  return unsure[0]?.rate ?? null
}

/** What the tries say. */
export function answerOf(tries: readonly Try[], limits: Limits): RateAnswer {
  const { lower, upper } = edgesOf(countedByRate(tries))
  const edges = { lower: lower?.rate ?? null, upper: upper?.rate ?? null }
  const state = (): RateAnswer['state'] => {
    if (upper === null) return lower?.rate === limits.to && lower.isSure ? 'highest-holds' : 'open'
    if (lower === null) return upper.isSure ? (upper.lean === 'unusable' ? 'unmeasurable' : 'lowest-fails') : 'open'
    const isDecided = lower.isSure && upper.isSure && areAdjacent(lower.rate, upper.rate, limits)
    if (!isDecided) return 'open'
    return upper.lean === 'unusable' ? 'unmeasurable' : 'found'
  }
  return { state: state(), ...edges }
}

interface CountedRate {
  rate: number
  count: number
  lean: Try['outcome'] | 'undecided'
  isSure: boolean
}

/** What the tries at each rate say together, ascending. */
function countedByRate(tries: readonly Try[]): CountedRate[] {
  return [...Map.groupBy(tries, ({ rate }) => rate)]
    .map(([rate, own]) => countedRate(rate, own))
    .sort((a, b) => a.rate - b.rate)
}

function countedRate(rate: number, tries: readonly Try[]): CountedRate {
  const times = (outcome: Try['outcome']): number => tries.filter((each) => each.outcome === outcome).length
  const [held, failed] = [times('held'), times('failed')]
  const facts = { rate, count: tries.length }
  if (held === failed) {
    // What three times could not be used will not be the fourth time.
    const isHopeless = times('unusable') >= majority
    return { ...facts, lean: isHopeless ? 'unusable' : 'undecided', isSure: isHopeless }
  }
  return { ...facts, lean: held > failed ? 'held' : 'failed', isSure: Math.max(held, failed) >= majority }
}

/** A rate that holds above one that does not is luck: the lowest that does not is the edge. */
function edgesOf(rates: readonly CountedRate[]): { lower: CountedRate | null; upper: CountedRate | null } {
  const upper = rates.find(({ lean }) => lean === 'failed' || lean === 'unusable') ?? null
  const below = rates.filter(({ lean, rate }) => lean === 'held' && (upper === null || rate < upper.rate))
  return { lower: below.at(-1) ?? null, upper }
}

const areAdjacent = (lower: number, upper: number, { precision }: Limits): boolean =>
  upper - lower <= 1 || upper <= lower * (1 + precision)

const between = (lower: number, upper: number): number =>
  Math.min(upper - 1, Math.max(lower + 1, Math.round(Math.sqrt(lower * upper))))
