import type { Unit } from '../metrics/table.ts'

/** How a unit stands behind a number in a table; shares are shown in percent. */
const shortUnit: Record<Unit, string> = {
  ms: ' ms',
  ns: ' ns',
  count: '',
  'per second': '/s',
  bytes: ' B',
  MB: ' MB',
  KB: ' KB',
  share: '%',
  percent: '%',
  instructions: ' instr',
  none: '',
}

/** `43.12 ms`, `250.1/s`, `1.204M instr`: four significant digits. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'ns') return formatTime(value)
  return `${formatNumber(unit === 'share' ? value * 100 : value)}${shortUnit[unit]}`
}

/** Operations take from less than a nanosecond to seconds: `0.54 ns`, `30.20 us`, `50.34 ms`. */
function formatTime(ns: number): string {
  const [divisor, unit] = Math.abs(ns) >= 999_950 ? [1e6, 'ms'] : Math.abs(ns) >= 9_999.5 ? [1e3, 'us'] : [1, 'ns']
  return `${formatNumber(ns / divisor)} ${unit}`
}

/** The same with a sign: `+24.1 ms`; a difference of shares is in percentage points. */
export function formatDifference(value: number, unit: Unit): string {
  const text = unit === 'share' ? `${formatNumber(value * 100)} pp` : formatValue(value, unit)
  return isZero(text) ? text.replace('-', '') : withPlus(value, text)
}

/** Ratio minus one in percent, at most seven characters: `+59.9%`, `-0.4%`, `+1250%`, `>+9999%`. */
export const formatPercent = (ratioMinusOne: number): string => `${formatPercentNumber(ratioMinusOne)}%`

/** `+51.2 to +69.1%`. */
export const formatPercentRange = (lower: number, upper: number): string =>
  `${formatPercentNumber(lower)} to ${formatPercent(upper)}`

function formatPercentNumber(ratioMinusOne: number): string {
  const percent = ratioMinusOne * 100
  if (percent > 9999) return '>+9999'
  const text = percent.toFixed(Math.abs(percent) < 99.95 ? 1 : 0)
  return isZero(text) ? text.replace('-', '') : withPlus(percent, text)
}

const withPlus = (value: number, text: string): string => (value > 0 ? `+${text}` : text)

/** Prints as zero, with or without a sign and a unit. */
const isZero = (text: string): boolean => Number.parseFloat(text) === 0

function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 99_999.5) {
    const [divisor, letter] = size >= 999.95e6 ? [1e9, 'G'] : size >= 999.95e3 ? [1e6, 'M'] : [1e3, 'k']
    return `${significant(value / divisor)}${letter}`
  }
  return significant(value)
}

/** Four significant digits (three below 1), never fewer than all digits before the point, at most four behind it. */
function significant(value: number): string {
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e5) return String(value)
  const digitsBefore = size < 0.1 ? 0 : size < 1 ? 1 : Math.floor(Math.log10(size)) + 1
  return value.toFixed(Math.min(4, Math.max(0, 4 - digitsBefore)))
}

/** `1 trial`, `2 trials` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
