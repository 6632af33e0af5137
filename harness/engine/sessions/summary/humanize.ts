import type { Contains } from './contains.ts'

/** `''`: what fits the value. */
export type TimeUnit = '' | 's' | 'ms' | 'us'

/** How values are printed, as k6 prints them. */
export function humanize(value: number, kind: string, contains: Contains, timeUnit: TimeUnit): string {
  if (kind === 'rate') return `${(Math.trunc(value * 10_000) / 100).toFixed(2)}%`
  if (contains === 'data') return humanizeBytes(value)
  if (contains === 'time') return humanizeMs(value, timeUnit)
  return rounded(value, 6)
}

const fixedUnits = { s: ['s', 0.001], ms: ['ms', 1], us: ['µs', 1000] } as const

function humanizeMs(ms: number, timeUnit: TimeUnit): string {
  if (timeUnit !== '') {
    const [name, perMs] = fixedUnits[timeUnit]
    return `${(ms * perMs).toFixed(2)}${name}`
  }
  if (ms === 0) return '0s'
  if (ms < 0.001) return `${Math.trunc(ms * 1e6)}ns`
  if (ms < 1) return `${truncated(ms * 1000, 2)}µs`
  if (ms < 1000) return `${truncated(ms, 2)}ms`
  return humanizeSeconds(ms)
}

/** `1.5s`, `1m30s`, `2h0m5s`: beyond a minute without fractions. */
function humanizeSeconds(ms: number): string {
  const seconds = `${truncated((ms % 60_000) / 1000, ms > 60_000 ? 0 : 2)}s`
  const minutes = Math.trunc(ms / 60_000)
  if (minutes === 0) return seconds
  const hours = Math.trunc(minutes / 60)
  return `${hours > 0 ? `${hours}h` : ''}${minutes % 60}m${seconds}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']

function humanizeBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`
  const power = Math.floor(Math.log(bytes) / Math.log(1000))
  const value = Math.floor((bytes / 1000 ** power) * 10 + 0.5) / 10
  return `${value.toFixed(value < 10 ? 1 : 0)} ${byteUnits[power]}`
}

/** Without trailing zeros. */
const rounded = (value: number, digits: number): string => String(Number(value.toFixed(digits)))
const truncated = (value: number, digits: number): string =>
  rounded(Math.trunc(value * 10 ** digits) / 10 ** digits, digits)
