import type { MetricKind } from './table.ts'

/** Every number of a run is asked for its statistic, of which there are a dozen. */
const known = new Map<string, number | null>()
const mostKnown = 1000

/** `p(95)` -> 95; anything but a percentile from 0 to 100 -> null. */
export function percentileOf(stat: string): number | null {
  const found = known.get(stat)
  if (found !== undefined) return found
  const read = readPercentile(stat)
  if (known.size < mostKnown) known.set(stat, read)
  return read
}

function readPercentile(stat: string): number | null {
  const [, digits] = /^p\((\d+\.?\d*|\.\d+)\)$/.exec(stat) ?? []
  if (digits === undefined) return null
  const percentile = Number(digits)
  return percentile <= 100 ? percentile : null
}

const words = ['avg', 'min', 'max', 'med', 'count', 'rate', 'value']

/** What may stand where a statistic is expected, for messages. */
export const statsInWords = 'avg, min, med, max, p(N) with N from 0 to 100, count, rate or value'

/** The one way in which a statistic is written: `p(99.90)` -> `p(99.9)`; null where the text is none. */
export function normaliseStat(text: string): string | null {
  const percentile = percentileOf(text)
  if (percentile !== null) return `p(${percentile})`
  return words.includes(text) ? text : null
}

const byKind: Record<MetricKind, readonly string[]> = {
  trend: ['avg', 'min', 'med', 'max', 'p(N)'],
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  value: ['value'],
}

const kindHasStat = (kind: MetricKind, stat: string): boolean =>
  byKind[kind].includes(percentileOf(stat) === null ? stat : 'p(N)')

/** `a rate metric has no "count". It has: rate`; null where it has one. */
export const whyNotOfKind = (kind: MetricKind, stat: string): string | null =>
  kindHasStat(kind, stat) ? null : `a ${kind} metric has no "${stat}". It has: ${byKind[kind].join(', ')}`

/** The median has two names in k6's words; a reader of either must find the other. */
export const sameStat = (a: string, b: string): boolean => a === b || (isMedian(a) && isMedian(b))

const isMedian = (stat: string): boolean => stat === 'med' || stat === 'p(50)'

/**
 * A percentile as k6 takes it: between the two samples that lie nearest, in proportion. The ends are exact.
 * @param atRank the value of a rank, 1 for the smallest
 */
export function interpolatedPercentile(
  { count, min, max }: { count: number; min: number; max: number },
  percent: number,
  atRank: (rank: number) => number,
): number {
  if (count === 0) return 0
  const exact = (rank: number): number =>
    rank <= 1 ? min : rank >= count ? max : Math.min(max, Math.max(min, atRank(rank)))
  const position = (count - 1) * (percent / 100)
  const below = Math.floor(position)
  const lower = exact(below + 1)
  return lower + (exact(below + 2) - lower) * (position - below)
}
