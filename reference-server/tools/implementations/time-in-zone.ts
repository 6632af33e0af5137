import { ToolFailure } from '../failure.ts'

const formatIn = (zone: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'long' })
  } catch {
    throw new ToolFailure(`"${zone}" is no time zone such as Europe/Vienna or UTC`)
  }
}

/** Such as `Thursday, 1 January 2026 at 13:00:00 CET`. */
export const run = ({ zone, at }: { zone: string; at?: string }): string => {
  const time = at === undefined ? new Date() : new Date(at)
  if (Number.isNaN(time.getTime())) throw new ToolFailure(`"${at}" is no time such as 2026-01-01T12:00:00Z`)
  return formatIn(zone).format(time)
}
