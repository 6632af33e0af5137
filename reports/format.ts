import type { Unit } from '../harness/metrics/table.ts'
import type { Scope } from '../harness/record/schema.ts'

/** Numbers and times as people read them. English grouping, a real minus sign, no line break before a unit. */

/** What stands where there is no number. */
export const noNumber = '–'

const nbsp = '\u00a0'
const minus = '\u2212'

/** Three significant digits below a thousand, none after the point above. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  const decimals = size === 0 || size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)))
  const text = size.toLocaleString('en-US', { maximumFractionDigits: decimals })
  return value < 0 && text !== '0' ? minus + text : text
}

/** A value in the unit of its metric: `43.1 ms`, `250/s`, `99.98%`. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return noNumber
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'share':
      return `${formatShare(value)}%`
    case 'percent':
      return `${formatNumber(value)}%`
    case 'per second':
      return `${formatNumber(value)}/s`
    case 'count':
    case 'none':
      return formatNumber(value)
    case 'instructions':
      return formatScaled(value)
    case 'ms':
    case 'MB':
    case 'KB':
      return `${formatNumber(value)}${nbsp}${unit}`
  }
}

/** Shares next to one keep the digits that matter: 99.98%, not 100%. */
const formatShare = (share: number): string => {
  const percent = share * 100
  const isNearWhole = percent > 99 && percent < 100
  return isNearWhole ? percent.toFixed(percent > 99.9 ? 3 : 2) : formatNumber(percent)
}

const formatBytes = (bytes: number): string => {
  const steps = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = Math.min(
    steps.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(bytes))) / Math.log(1000))),
  )
  return `${formatNumber(bytes / 1000 ** step)}${nbsp}${steps[step]}`
}

const formatScaled = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e9) return `${formatNumber(value / 1e9)}${nbsp}G`
  if (size >= 1e6) return `${formatNumber(value / 1e6)}${nbsp}M`
  return formatNumber(value)
}

const signed = (value: number, text: string): string =>
  value < 0 || /^[0.,%]*$/.test(text.replace(/[^\d.,%]/g, '')) ? text : `+${text}`

/** A ratio minus one as a signed percentage: 0.123 is `+12.3%`. */
export function formatRatio(ratioMinusOne: number | null | undefined): string {
  if (ratioMinusOne === null || ratioMinusOne === undefined || !Number.isFinite(ratioMinusOne)) return noNumber
  const percent = ratioMinusOne * 100
  const decimals = Math.abs(percent) >= 100 ? 0 : Math.abs(percent) >= 1 ? 1 : 2
  const text = Math.abs(percent).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return signed(percent, percent < 0 && Number(text) !== 0 ? `${minus}${text}%` : `${text}%`)
}

/** `+10.1% to +14.8%`; empty where there is no interval. */
export const formatRatioInterval = (lower: number | null, upper: number | null): string =>
  lower === null || upper === null ? '' : `${formatRatio(lower)} to ${formatRatio(upper)}`

/** `+5.3 ms`. A difference of shares is in percentage points. */
export function formatDifference(difference: number | null | undefined, unit: Unit): string {
  if (difference === null || difference === undefined) return noNumber
  if (unit === 'share') return signed(difference, `${formatNumber(difference * 100)}${nbsp}points`)
  return signed(difference, formatValue(difference, unit))
}

/** `p(99.9)` is written `p99.9`, `avg` is the mean; a metric that is one number has no statistic to name. */
export function formatStat(stat: string): string {
  if (stat === 'value') return ''
  if (stat === 'avg') return 'mean'
  if (stat === 'med') return 'p50'
  return stat.replace(/^p\((.+)\)$/, 'p$1')
}

/** The k6 scenario or phase that qualifies a number; null: the whole load. */
export const formatScope = (scope: Scope): string | null =>
  scope.scenario && scope.phase ? `${scope.scenario}, ${scope.phase}` : (scope.scenario ?? scope.phase ?? null)

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
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
