import { mulberry32 } from '../random.ts'
import { fewestPairsFor, type LookLevel, lookLevels, mostPairsEver, planLooks } from './looks.ts'
import { signedRankInterval } from './signed-rank.ts'
import { decideVerdict, type Margins } from './verdict.ts'

/** What is to be found, and in what noise. */
export interface Sought {
  /** Standard deviation of ln(B/A) from pair to pair where nothing changed. */
  sd: number
  /** Ratio minus one: 0.05 for 5% more, -0.05 for 5% less. */
  effect: number
  margins: Margins
  /** Two-sided error of one metric over all looks. */
  alpha: number
}

/**
 * The fewest pairs of which a comparison finds the effect with at least this probability: planned for at most so many, and
 * looked at as `planLooks` says. Null where as many as a comparison counts do not do it.
 *
 * @param power 0.95 for 95%
 */
export function pairsNeeded(sought: Sought, power: number): number | null {
  // One by one: where an effect is soon called equivalent, more pairs do not always find it more often.
  for (let pairs = fewestPairsFor(sought.alpha); pairs <= mostPairsEver; pairs++)
    if (powerOf(pairs, sought) >= power) return pairs
  return null
}

/**
 * The probability that a comparison of at most so many pairs finds the effect in normal noise, to about 0.02: the share of
 * drawn comparisons, since it ends at the first look that decides, and what one calls equivalent no later one finds.
 *
 * @param pairs at most as many as a comparison counts
 */
export function powerOf(pairs: number, { sd, effect, margins, alpha }: Sought): number {
  const shift = Math.abs(Math.log1p(effect))
  if (shift <= Math.log1p(margins.change)) return 0
  const levels = lookLevels(planLooks(pairs, alpha), alpha).filter((level) => level.pairs <= pairs && level.error > 0)
  const looks = levels.map(drawnBounds)
  let found = 0
  for (let draw = 0; draw < draws; draw++) {
    const verdicts = looks.map(({ lower, upper }) =>
      decideVerdict(shift + sd * lower[draw]!, shift + sd * upper[draw]!, 'lower', margins),
    )
    if (verdicts.find((verdict) => verdict !== 'inconclusive') === 'regressed') found++
  }
  return found / draws
}

const draws = 400

/** Of each drawn comparison the bounds of a look's interval, where a pair differs from the next by 1 about 0. */
interface DrawnBounds {
  lower: Float64Array
  upper: Float64Array
}

const known = new Map<string, DrawnBounds>()

/** Kept for later calls: bounds move with the centre of the values, and are as wide as their spread, so that these are those of any noise. */
function drawnBounds({ pairs, error }: LookLevel): DrawnBounds {
  const key = `${pairs} ${error}`
  const before = known.get(key)
  if (before) return before
  const intervals = drawnValues().map((values) => signedRankInterval(values.slice(0, pairs), error)!)
  const bounds = {
    lower: Float64Array.from(intervals, ({ lower }) => lower),
    upper: Float64Array.from(intervals, ({ upper }) => upper),
  }
  known.set(key, bounds)
  return bounds
}

let drawn: number[][] | undefined

/** The same each time: whoever asks again gets the same answer. */
function drawnValues(): number[][] {
  if (drawn) return drawn
  const random = mulberry32(1)
  drawn = Array.from({ length: draws }, () => Array.from({ length: mostPairsEver }, () => drawNormal(random)))
  return drawn
}

/** Box and Muller 1958. */
const drawNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
