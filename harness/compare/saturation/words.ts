import { leastCoreBusy, wasBusy } from '../../metrics/busy-target.ts'
import { formatPercent, formatPercentRange, formatValue } from '../figures.ts'
import type { CrossCheck } from './cross-check.ts'
import type { CurvePoint, Knee } from './knee.ts'
import type { SaturatedVariant } from './saturation.ts'

/** `2310/s (2210/s to 2420/s)`; without an interval where there is none. */
export function throughputInWords({ estimate, lower, upper }: CurvePoint): string {
  const value = formatValue(estimate, 'per second')
  if (lower === null || upper === null) return value
  return `${value} (${formatValue(lower, 'per second')} to ${formatValue(upper, 'per second')})`
}

/** What a reader of a variant's curves must know of them. */
export function remarksOn({ idleAtMaximum, failed, throughput, latency, knee }: SaturatedVariant): string[] {
  const timed = latency[0]!.points.map(({ connections }) => connections)
  const untimed = throughput.flatMap(({ connections }) => (timed.includes(connections) ? [] : [connections]))
  return [
    ...(idleAtMaximum === null ? [] : [idleInWords(idleAtMaximum)]),
    ...(failed === null
      ? []
      : [
          `with ${failed.connections} connections ${formatValue(failed.share, 'share')} of requests failed: throughput counts those that did not, latency those that were answered`,
        ]),
    ...(knee.unknownBelow.length === 0
      ? []
      : [`with ${knee.unknownBelow.join(', ')} connections too little can be used: the knee may lie there`]),
    ...(untimed.length === 0
      ? []
      : [
          `no latency with ${untimed.join(', ')} connections: more than a tenth of the requests were under way when the load ended`,
        ]),
  ]
}

const idleInWords = ({ busyShare }: NonNullable<SaturatedVariant['idleAtMaximum']>): string =>
  busyShare === null
    ? 'its core could not be watched: whether it was the limit at the maximum is not known'
    : `its core ${wasBusy(busyShare)} at the maximum, and below ${100 * leastCoreBusy}% something else was the limit`

/** `50 (20 to 100)`; `50 (20 or more)` where nothing but the maximum is certainly within its reach. At an end it is said which. */
export function kneeInWords({ connections, lower, upper, isAtEnd, isRising, isCutShort }: Knee): string {
  if (connections === null) return '-'
  const interval = lower === null ? '' : upper === null ? ` (${lower} or more)` : ` (${lower} to ${upper})`
  const end = isCutShort ? ', more could not be used' : isRising ? ', still rising' : ', more were not tried'
  return `${connections}${interval}${isAtEnd ? end : ''}`
}

/** What became of the search for the highest rate, in a few words: with how many of the tries at each edge held. */
export function rateInWords({ rate }: SaturatedVariant): string {
  if (!rate) return '-'
  const { state, lower, upper, tries } = rate
  const triesAt = (perSecond: number | null): string => {
    const own = tries.filter((each) => each.rate === perSecond && each.outcome !== 'unusable')
    return `${own.filter(({ outcome }) => outcome === 'held').length} of ${own.length}`
  }
  switch (state) {
    case 'found':
      return `${lower}/s holds (${triesAt(lower)}), ${upper}/s does not (${triesAt(upper)})`
    case 'lowest-fails':
      return `fails at ${upper}/s, the lowest tried`
    case 'highest-holds':
      return `holds at ${lower}/s, the highest tried`
    case 'unmeasurable':
      return lower === null ? `${upper}/s cannot be measured` : `${lower}/s holds, ${upper}/s cannot be measured`
    default:
      return openInWords(lower, upper, tries.at(-1)?.rate)
  }
}

/**
 * What ended a search, since it need not be the server: what most loads had at the lowest rate that does not hold, or cannot be
 * measured; null: all that was tried holds.
 */
export function whyNoHigherRate({ rate }: SaturatedVariant): string | null {
  if (!rate || (rate.lower !== null && rate.upper === null)) return null
  const at = rate.upper ?? rate.tries.at(-1)?.rate
  const own = rate.tries.filter((each) => each.rate === at)
  const [failed, unusable] = (['failed', 'unusable'] as const).map((outcome) =>
    own.filter((each) => each.outcome === outcome).map(({ why }) => why),
  )
  const telling = rate.state === 'unmeasurable' || failed!.length === 0 ? unusable! : failed!
  const why = mostFrequent(telling)
  return why === null ? null : `at ${at}/s: ${why}`
}

/** What was measured differs from load to load: they count as one where nothing but such numbers does. */
function mostFrequent(whys: readonly string[]): string | null {
  const alike = Map.groupBy(whys, (why) => why.replace(/(?<![\w(.])[\d.]+/g, '#'))
  const [most] = [...alike.values()].toSorted((a, b) => b.length - a.length)
  return most?.[0] ?? null
}

function openInWords(lower: number | null, upper: number | null, last: number | undefined): string {
  if (lower === null && upper === null) return last === undefined ? 'not tried' : `not decided at ${last}/s`
  if (upper === null) return `not decided: ${lower}/s seems to hold`
  return lower === null ? `not decided: ${upper}/s seems to fail` : `not decided: from ${lower}/s to ${upper}/s`
}

/** Whether two engines say the same of the same thing, as one sentence. */
export function crossCheckInWords({
  scenarios,
  connections,
  difference,
  usedPairs,
  outcome,
  within,
}: CrossCheck): string {
  const what = `${scenarios[0]} against ${scenarios[1]} with ${connections} connections`
  if (difference === null) return `Cross-check of the engines, ${what}: no pair can be used`
  const { estimate, lower, upper } = difference
  const interval = lower === null || upper === null ? '' : `, 95% interval ${formatPercentRange(lower, upper)}`
  const told = `${formatPercent(estimate)} throughput${interval}, ${usedPairs} ${usedPairs === 1 ? 'pair' : 'pairs'}`
  const meaning = {
    agree: `they agree within ${100 * within}%`,
    differ: `THEY DIFFER by more than ${100 * within}%: one of the engines, or of the two scenarios, does not do what the other does`,
    unclear: `whether they agree within ${100 * within}% is not clear from so many pairs`,
  }
  return `Cross-check of the engines, ${what}: ${told}: ${meaning[outcome]}`
}
