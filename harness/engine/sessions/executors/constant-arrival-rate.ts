import { UserError } from '../../../errors.ts'
import { formatDuration } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options/values.ts'
import { arrivalFields, rateText, readArrivalOptions, usersText } from './arrival-options.ts'
import { type ArrivalSchedule, runArrivals } from './arrivals.ts'
import { readDuration } from './durations.ts'
import type { Executor } from './port.ts'
import { wholeTest } from './segment.ts'

/** Absolute offsets from the scenario's start, never "the last plus an interval". */
export function arrivalSchedule(rate: number, timeUnitMs: number, durationMs: number): ArrivalSchedule {
  return {
    count: Math.ceil((durationMs * rate) / timeUnitMs),
    dueMs: (index) => (index * timeUnitMs) / rate,
  }
}

/** Iterations start by a clock, whether or not earlier ones have ended (open model). */
export const constantArrivalRate: Executor = {
  fields: ['rate', 'duration', ...arrivalFields],
  configure(common, raw, title, segment) {
    if (raw.rate === undefined) throw new UserError(`${title}: the iteration rate isn't specified`)
    const rate = wholeNumber(raw.rate, `${title}: rate`, 1)
    const durationMs = readDuration(raw.duration, title)
    const options = readArrivalOptions(raw, title, segment)
    const { timeUnitMs, preAllocatedVUs, maxVUs, share } = options
    const schedule = arrivalSchedule(rate, timeUnitMs, durationMs)
    return {
      ...common,
      executor: 'constant-arrival-rate',
      maxVUs,
      plannedVUs: preAllocatedVUs,
      durationMs,
      isOpenModel: true,
      iterationSegment: share ?? wholeTest,
      description: `${rateText(rate, timeUnitMs)} for ${formatDuration(durationMs)} (${usersText(options)})`,
      async run(run) {
        if (!share) return
        const { gracefulStopMs } = common
        await runArrivals(run, { schedule, segment: share, preAllocatedVUs, durationMs, gracefulStopMs })
      },
    }
  },
}
