import { counted, formatPercent, formatPercentRange, formatValue } from '../compare/figures.ts'
import type { LimitResult } from './limits.ts'
import { overTrialsInWords } from './over-trials.ts'
import type { GatedComparison } from './result.ts'

/** `iterations rate: regressed, -5.2% (-7.0 to -3.1%, 20 pairs)`; without a verdict why there is none. */
export function comparisonInWords(comparison: GatedComparison): string {
  const { metric, verdict, doubt, isInvalid, excludedPairs } = comparison
  if (isInvalid)
    return `${metric}: no valid measurement, ${doubt ?? 'no pair'}${excludedPairs === 0 ? '' : ` (${counted(excludedPairs, 'pair')} not valid)`}`
  return [`${metric}: ${verdict}`, intervalInWords(comparison), whyOpen(comparison)].filter(Boolean).join(', ')
}

/** `-5.2% (-7.0 to -3.1%, 20 pairs)`; from nothing `0 to 40 (20 pairs)`; empty where nothing is known. */
export function intervalInWords(comparison: GatedComparison): string {
  const { estimate, lower, upper, pairs, unit, baseValue, headValue } = comparison
  if (estimate === null)
    return baseValue === null || headValue === null
      ? ''
      : `${formatValue(baseValue, unit)} to ${formatValue(headValue, unit)} (${counted(pairs, 'pair')})`
  const range = lower === null || upper === null ? '' : `${formatPercentRange(lower, upper)}, `
  return `${formatPercent(estimate)} (${range}${counted(pairs, 'pair')})`
}

/** Why a metric is not decided, and what these pairs could have shown; empty where it is. */
export function whyOpen({ verdict, doubt, smallestEffect }: GatedComparison): string {
  if (verdict !== 'inconclusive') return ''
  if (smallestEffect === null) return doubt ?? 'not decided'
  const shown = `an effect of ${formatPercent(smallestEffect).replace('+', '')} or more could have been shown`
  return doubt === null ? shown : `${doubt}; ${shown}`
}

/** `http_req_duration p(99)<250: crossed, 312.4 ms (median of 20 trials, 280.1 to 402 ms)` */
export function limitInWords({ metric, expression, outcome, reason, ...limit }: LimitResult): string {
  const { value, lowest, highest, trials, unit, over } = limit
  const what = `${metric} ${expression}: ${outcome}`
  if (value === null || lowest === null || highest === null) return `${what}, ${reason}`
  if (trials === 1) return `${what}, ${formatValue(value, unit)} (one trial)`
  const range = lowest === highest ? '' : `, ${formatValue(lowest, unit)} to ${formatValue(highest, unit)}`
  return `${what}, ${formatValue(value, unit)} (${overTrialsInWords[over]} ${trials} trials${range})`
}

/** Empty where there is no number. */
export const valueInWords = (value: number | null, { unit }: Pick<GatedComparison | LimitResult, 'unit'>): string =>
  value === null ? '' : formatValue(value, unit)
