/** The second that was printed last, since many samples come in one. */
let lastSecond = Number.NaN
let lastText = ''
let lastZone = ''

/** Local time with nanoseconds, trailing zeros left out: `2026-11-21T06:11:30.3299285Z`. @param timeMs since the Unix epoch */
export function rfc3339(timeMs: number): string {
  const second = Math.floor(timeMs / 1000)
  if (second !== lastSecond) printSecond(second)
  // A double holds a quarter of a microsecond of such a time: more digits would be none.
  const micros = Math.min(999_999, Math.floor((timeMs - second * 1000) * 1000))
  if (micros === 0) return `${lastText}${lastZone}`
  return `${lastText}.${String(micros).padStart(6, '0').replace(/0+$/, '')}${lastZone}`
}

/** The same without fractions. */
export function rfc3339Seconds(timeMs: number): string {
  const second = Math.floor(timeMs / 1000)
  if (second !== lastSecond) printSecond(second)
  return `${lastText}${lastZone}`
}

function printSecond(second: number): void {
  const offsetMinutes = -new Date(second * 1000).getTimezoneOffset()
  lastSecond = second
  lastText = new Date(second * 1000 + offsetMinutes * 60_000).toISOString().slice(0, 19)
  const [hours, minutes] = [Math.abs(offsetMinutes) / 60, Math.abs(offsetMinutes) % 60]
  const sign = offsetMinutes < 0 ? '-' : '+'
  lastZone = offsetMinutes === 0 ? 'Z' : `${sign}${twoDigits(Math.floor(hours))}:${twoDigits(minutes)}`
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')
