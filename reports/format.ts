import type { Unit } from '../harness/metrics/table.ts'
import type { Scope } from '../harness/record/schema.ts'

/** Numbers and times as people read them. English grouping, a real minus sign, no line break before a unit. */

/** What stands where there is no number. */
export const noNumber = '–'

const nbsp = '\u00a0'
const minus = '\u2212'

/** Three significant digits below a thousand, none after the point above; whole numbers stay whole. */
export function formatNumber(value: number): string {
  return withMinus(value, digits(value, 0))
}

/** The same for measured quantities: 44.0, not 44, so that numbers below each other have as many digits. */
const formatMeasured = (value: number): string => withMinus(value, digits(value, decimalsOf(value)))

const decimalsOf = (value: number): number => {
  const size = Math.abs(value)
  return size === 0 || size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)))
}

const digits = (value: number, minimumFractionDigits: number): string =>
  grouped(Math.abs(value), minimumFractionDigits, decimalsOf(value))

/** By smallest and largest number of digits behind the point: making one takes a hundred times as long as using it. */
const formatters = new Map<string, Intl.NumberFormat>()

function grouped(value: number, minimumFractionDigits: number, maximumFractionDigits: number): string {
  const key = `${minimumFractionDigits} ${maximumFractionDigits}`
  let formatter = formatters.get(key)
  if (!formatter) {
    formatter = new Intl.NumberFormat('en-US', { minimumFractionDigits, maximumFractionDigits })
    formatters.set(key, formatter)
  }
  return formatter.format(value)
}

const withMinus = (value: number, text: string): string => (value < 0 && /[1-9]/.test(text) ? minus + text : text)

/** A value in the unit of its metric: `43.1 ms`, `250/s`, `99.98%`. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return noNumber
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'instructions') return formatScaled(value)
  if (unit === 'ns') return formatNanoseconds(value)
  return numeral(value, unit) + suffixes[unit]
}

/** Units that follow from the size of a number, so that two numbers need not have the same. */
const isScaled = (unit: Unit): unit is 'bytes' | 'instructions' | 'ns' =>
  unit === 'bytes' || unit === 'instructions' || unit === 'ns'

/** Operations take from less than a nanosecond to seconds: `0.540 ns`, `30.2 µs`, `50.3 ms`. */
function formatNanoseconds(ns: number): string {
  const [divisor, unit] = Math.abs(ns) >= 999_500 ? [1e6, 'ms'] : Math.abs(ns) >= 9_995 ? [1e3, 'µs'] : [1, 'ns']
  return `${formatMeasured(ns / divisor)}${nbsp}${unit}`
}

/** For the ticks of an axis: round numbers without zeros behind the point. */
export const formatTick = (value: number, unit: Unit): string => {
  if (isScaled(unit)) return formatValue(value, unit)
  return formatNumber(unit === 'share' ? value * 100 : value) + suffixes[unit]
}

/** `43.1 to 43.7 ms`: the unit once. A single number where both look the same. */
export function formatRange(low: number, high: number, unit: Unit): string {
  const texts = [formatValue(low, unit), formatValue(high, unit)] as const
  if (texts[0] === texts[1]) return texts[0]
  if (isScaled(unit)) return `${texts[0]} to ${texts[1]}`
  return `${numeral(low, unit)} to ${texts[1]}`
}

const suffixes = {
  ms: `${nbsp}ms`,
  MB: `${nbsp}MB`,
  KB: `${nbsp}KB`,
  'per second': '/s',
  share: '%',
  percent: '%',
  count: '',
  none: '',
}

const numeral = (value: number, unit: keyof typeof suffixes): string => {
  if (unit === 'share') return formatShare(value)
  return unit === 'count' || unit === 'none' ? formatNumber(value) : formatMeasured(value)
}

/** Shares next to one keep the digits that matter: 99.98%, not 100%. */
const formatShare = (share: number): string => {
  const percent = share * 100
  const isNearWhole = percent > 99 && percent < 100
  if (isNearWhole) return percent.toFixed(percent > 99.9 ? 3 : 2)
  return Number.isInteger(percent) ? formatNumber(percent) : formatMeasured(percent)
}

const formatBytes = (bytes: number): string => {
  const steps = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = Math.min(
    steps.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(bytes))) / Math.log(1000))),
  )
  return `${formatMeasured(bytes / 1000 ** step)}${nbsp}${steps[step]}`
}

const formatScaled = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e9) return `${formatMeasured(value / 1e9)}${nbsp}G`
  if (size >= 1e6) return `${formatMeasured(value / 1e6)}${nbsp}M`
  return formatNumber(value)
}

const signed = (value: number, text: string): string => (value > 0 && /[1-9]/.test(text) ? `+${text}` : text)

/** A ratio minus one as a signed percentage: 0.123 is `+12.3%`. */
export function formatRatio(ratioMinusOne: number | null | undefined): string {
  if (ratioMinusOne === null || ratioMinusOne === undefined || !Number.isFinite(ratioMinusOne)) return noNumber
  if (ratioMinusOne === 0) return '0%'
  const percent = ratioMinusOne * 100
  const decimals = Math.abs(percent) >= 100 ? 0 : Math.abs(percent) >= 1 ? 1 : 2
  return signed(percent, withMinus(percent, `${grouped(Math.abs(percent), decimals, decimals)}%`))
}

/** `+10.1% to +14.8%`; empty where there is no interval. */
export const formatRatioInterval = (lower: number | null, upper: number | null): string =>
  lower === null || upper === null ? '' : `${formatRatio(lower)} to ${formatRatio(upper)}`

/** Ratio minus one, with its bounds; null where there is none. */
export interface Change {
  estimate: number | null
  lower: number | null
  upper: number | null
}

/** `+5.3% [+4.1% to +6.4%]`: for a sentence; without an interval where there is none. */
export function formatChange({ estimate, lower, upper }: Change): string {
  const interval = formatRatioInterval(lower, upper)
  return interval === '' ? formatRatio(estimate) : `${formatRatio(estimate)} [${interval}]`
}

/** `+5.3 ms`. A difference of shares is in percentage points. */
export function formatDifference(difference: number | null | undefined, unit: Unit): string {
  if (difference === null || difference === undefined) return noNumber
  if (unit === 'share') return signed(difference, `${formatMeasured(difference * 100)}${nbsp}points`)
  return signed(difference, formatValue(difference, unit))
}

/** `p(99.9)` is written `p99.9`, `avg` is the mean; a metric that is one number has no statistic to name. */
export function formatStat(stat: string): string {
  if (stat === 'value') return ''
  if (stat === 'avg') return 'mean'
  if (stat === 'med') return 'p50'
  return stat.replace(/^p\((.+)\)$/, 'p$1')
}

/** The k6 scenario or phase that qualifies a number, one name once; null: the whole load. */
export const formatScope = ({ scenario, phase }: Scope): string | null =>
  [...new Set([scenario, phase])].filter(Boolean).join(', ') || null

/** `2026-11-21 03:15 UTC`. */
export const formatTime = (iso: string): string => {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** `11 min 8 s`. */
export const formatDurationS = (seconds: number): string => {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole}${nbsp}s` : `${Math.floor(whole / 60)}${nbsp}min ${whole % 60}${nbsp}s`
}

/** `1 block`, `3 blocks`. */
export const counted = (count: number, noun: string): string =>
  `${grouped(count, 0, 3)} ${noun}${count === 1 ? '' : 's'}`

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
