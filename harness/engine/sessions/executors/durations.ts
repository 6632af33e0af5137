import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'

/** @param what the option, as k6 names it in its messages */
export function readDuration(raw: unknown, title: string, what = 'duration'): number {
  if (raw === undefined || raw === null) throw new UserError(`${title}: the ${what} is unspecified`)
  const durationMs = parseDurationMs(raw as string, `${title}: ${what}`)
  if (durationMs <= 0)
    throw new UserError(`${title}: the ${what} must be more than 0, but is ${formatDuration(durationMs)}`)
  return durationMs
}
