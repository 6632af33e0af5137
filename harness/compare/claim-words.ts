import type { Unit } from '../metrics/table.ts'
import type { Bounds, Claimed } from '../record/schema.ts'
import type { ClaimResult, Measured } from './claims.ts'
import { formatDifference, formatValue } from './figures.ts'

/** How a number of each kind is written: `3.02x`, `+1.2 ms`, `102/s`. */
const writers = {
  ratio: (value: number) => formatRatioOf(value),
  difference: formatDifference,
  value: formatValue,
} satisfies Record<string, (value: number, unit: Unit) => string>

const kindOf = (claimed: Claimed): keyof typeof writers =>
  'ratio' in claimed ? 'ratio' : 'difference' in claimed ? 'difference' : 'value'

const boundsOf = (claimed: Claimed): Bounds =>
  'ratio' in claimed ? claimed.ratio : 'difference' in claimed ? claimed.difference : claimed.value

/** `>= 3x`, `> 1x`, `0.4 to 0.6x`, `>= 100/s`, `0`: what is claimed, as it stands in a table. */
export function claimedInWords({ claim: { claimed }, metricUnit }: Pick<ClaimResult, 'claim' | 'metricUnit'>): string {
  // Four digits say every ratio that people write; 1 / 0.6 has no end.
  const write = (value: number) =>
    'ratio' in claimed ? `${Number(value.toPrecision(4))}x` : writers[kindOf(claimed)](value, metricUnit)
  const bounds = boundsOf(claimed)
  if ('from' in bounds) return unitOnce(write(bounds.from), write(bounds.to))
  if ('equals' in bounds) return write(bounds.equals)
  if ('atLeast' in bounds) return `>= ${write(bounds.atLeast)}`
  if ('above' in bounds) return `> ${write(bounds.above)}`
  return 'atMost' in bounds ? `<= ${write(bounds.atMost)}` : `< ${write(bounds.below)}`
}

/** The estimate; empty where nothing was measured. */
export const measuredInWords = (result: ClaimResult): string => numbersInWords(result, ({ estimate }) => [estimate])

/** `1.51 to 1.62x`, of a constant its one value; empty where there is no interval. */
export const intervalInWords = (result: ClaimResult): string =>
  numbersInWords(result, ({ lower, upper, kind }) => (kind === 'constant' ? [lower] : [lower, upper]))

function numbersInWords(
  { claim, measured, metricUnit }: ClaimResult,
  numbersOf: (measured: Measured) => (number | null)[],
): string {
  if (measured === null) return ''
  const numbers = numbersOf(measured).filter((each) => each !== null)
  const [first, second] = numbers.map((each) => writers[kindOf(claim.claimed)](each, metricUnit))
  return second === undefined ? (first ?? '') : unitOnce(first!, second)
}

/** `20 ms`, `30 ms` -> `20 to 30 ms` */
function unitOnce(low: string, high: string): string {
  const unit = /[^\d]*$/.exec(high)![0]
  return low.endsWith(unit) ? `${low.slice(0, low.length - unit.length)} to ${high}` : `${low} to ${high}`
}

/** Three significant digits, never an exponent: `1.56x`, `0.62x`, `1250x`. */
function formatRatioOf(ratio: number): string {
  const digits = ratio >= 99.95 ? 0 : ratio >= 9.995 ? 1 : ratio >= 0.0995 ? 2 : 3
  return ratio === 0 ? '0x' : `${ratio.toFixed(digits)}x`
}
