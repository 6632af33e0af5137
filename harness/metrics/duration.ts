import { UserError } from '../errors.ts'

const msByUnit: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  // Both code points that print as micro: U+00B5 and U+03BC.
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
}
const dayMs = 24 * 3.6e6

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const duration = /^([+-]?)(?:(\d+)d)?((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*)$/
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g

/**
 * A duration as k6 reads it: `10s`, `1m30s`, `1.5h`, `2d12h`, `500ms`; a number without a unit, as text or as number,
 * is milliseconds. A sign counts for the whole; whether a negative duration makes sense is for the caller to say.
 *
 * @param what names the setting in the error, e.g. `scenario "turns": duration`
 * @returns milliseconds
 * @throws UserError with the text and what was expected
 */
export function parseDurationMs(value: string | number, what = 'duration'): number {
  const ms = typeof value === 'number' ? value : textToMs(value.trim())
  if (ms !== undefined && Number.isFinite(ms)) return ms
  throw new UserError(
    `${what}: ${JSON.stringify(value)} is not a duration. Write a number with a unit (10s, 1m30s, 500ms, 2h, 1d), or milliseconds without one`,
  )
}

function textToMs(text: string): number | undefined {
  if (plainNumber.test(text)) return Number(text)
  const [whole, sign, days, rest = ''] = duration.exec(text) ?? []
  if (whole === undefined || (days === undefined && rest === '')) return undefined
  let ms = Number(days ?? 0) * dayMs
  for (const [, amount, unit] of rest.matchAll(part)) ms += Number(amount) * (msByUnit[unit!] ?? Number.NaN)
  return sign === '-' ? -ms : ms
}

/**
 * A duration for people, in the form that `parseDurationMs` reads back: `1h2m3s`, `1m30s`, `2.5s`, `12ms`. Below a
 * second it is in ms; nothing is rounded but what is finer than a microsecond.
 */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  const microseconds = Math.round(ms * 1e3)
  if (microseconds < 1e6) return microseconds === 0 ? '0s' : `${microseconds / 1e3}ms`
  const hours = Math.floor(microseconds / 3.6e9)
  const minutes = Math.floor((microseconds % 3.6e9) / 6e7)
  const seconds = (microseconds % 6e7) / 1e6
  return [hours && `${hours}h`, minutes && `${minutes}m`, seconds && `${seconds}s`].filter(Boolean).join('')
}
