import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { type Raw, wholeNumber } from '../options/values.ts'
import type { Segment } from './segment.ts'

/** What both arrival-rate executors have. */
export interface ArrivalOptions {
  timeUnitMs: number
  /** Of this process's part of the test. */
  preAllocatedVUs: number
  maxVUs: number
  /** What it owns of the schedule; null when it has no users and so no work. */
  share: Segment | null
}

export const arrivalFields = ['timeUnit', 'preAllocatedVUs', 'maxVUs'] as const

/** @throws UserError naming the option */
export function readArrivalOptions(raw: Raw, title: string, segment: Segment): ArrivalOptions {
  const timeUnitMs = parseDurationMs((raw.timeUnit ?? '1s') as string, `${title}: timeUnit`)
  if (timeUnitMs <= 0) throw new UserError(`${title}: the timeUnit must be more than 0`)
  if (raw.preAllocatedVUs === undefined) throw new UserError(`${title}: the number of preAllocatedVUs isn't specified`)
  const preAllocatedVUs = wholeNumber(raw.preAllocatedVUs, `${title}: preAllocatedVUs`)
  const maxVUs = wholeNumber(raw.maxVUs ?? preAllocatedVUs, `${title}: maxVUs`)
  if (maxVUs < preAllocatedVUs)
    throw new UserError(`${title}: maxVUs (${maxVUs}) can't be less than preAllocatedVUs (${preAllocatedVUs})`)
  return {
    timeUnitMs,
    preAllocatedVUs: segment.scale(preAllocatedVUs),
    maxVUs: segment.scale(maxVUs),
    share: segment.among(maxVUs),
  }
}

/** `250 iterations/s`, `3 iterations/1m30s` */
export const rateText = (rate: number, timeUnitMs: number): string =>
  `${rate} iterations/${timeUnitMs === 1000 ? 's' : formatDuration(timeUnitMs)}`

export const usersText = ({ preAllocatedVUs, maxVUs }: ArrivalOptions): string =>
  maxVUs > preAllocatedVUs ? `${preAllocatedVUs} to ${maxVUs} users` : `${preAllocatedVUs} users`
