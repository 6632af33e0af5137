import { formatDuration } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options/values.ts'
import { arrivalFields, rateText, readArrivalOptions, usersText } from './arrival-options.ts'
import { type ArrivalSchedule, runArrivals } from './arrivals.ts'
import type { Executor } from './port.ts'
import { wholeTest } from './segment.ts'
import { highestTarget, readStages, type Stage, totalMs } from './stages.ts'

const nsPerMs = 1e6

/** A stage as a line of the rate over time; the area below it is the number of starts. In ns, so as to round as k6 does. */
interface Slope {
  startNs: number
  durationNs: number
  fromRate: number
  toRate: number
  /** Starts due before this stage; fractions carry over from one stage to the next. */
  startsBefore: number
  startsAtEnd: number
}

/** The nth start is due when the area below the line of the rate has reached n. */
export function rampingSchedule(startRate: number, timeUnitMs: number, stages: readonly Stage[]): ArrivalSchedule {
  const slopes = slopesOf(startRate, timeUnitMs, stages)
  return {
    count: Math.floor(slopes.at(-1)?.startsAtEnd ?? 0),
    dueMs(index) {
      const slope = slopes.find(({ startsAtEnd }) => index + 1 <= startsAtEnd)
      return slope ? dueNs(slope, index + 1 - slope.startsBefore) / nsPerMs : Number.POSITIVE_INFINITY
    },
  }
}

function slopesOf(startRate: number, timeUnitMs: number, stages: readonly Stage[]): Slope[] {
  let fromRate = startRate / (timeUnitMs * nsPerMs)
  let startNs = 0
  let startsBefore = 0
  return stages.map(({ durationMs, target }) => {
    const durationNs = durationMs * nsPerMs
    const toRate = target / (timeUnitMs * nsPerMs)
    const startsAtEnd = startsBefore + durationNs * ((toRate - fromRate) / 2 + fromRate)
    const slope = { startNs, durationNs, fromRate, toRate, startsBefore, startsAtEnd }
    fromRate = toRate
    startNs += durationNs
    startsBefore = startsAtEnd
    return slope
  })
}

/** Solves "area since the stage began = starts" for the time. */
function dueNs({ startNs, durationNs, fromRate, toRate }: Slope, starts: number): number {
  const change = toRate - fromRate
  if (change === 0) return startNs + starts / toRate
  const discriminant = durationNs * (fromRate * fromRate * durationNs + 2 * starts * change)
  return startNs + (Math.sqrt(Math.max(0, discriminant)) - fromRate * durationNs) / change
}

/** Iterations start by a clock that speeds up and slows down (open model). */
export const rampingArrivalRate: Executor = {
  fields: ['startRate', 'stages', ...arrivalFields],
  configure(common, raw, title, segment) {
    const startRate = wholeNumber(raw.startRate ?? 0, `${title}: startRate`)
    const stages = readStages(raw.stages, title)
    const durationMs = totalMs(stages)
    const options = readArrivalOptions(raw, title, segment)
    const { timeUnitMs, preAllocatedVUs, maxVUs, share } = options
    const schedule = rampingSchedule(startRate, timeUnitMs, stages)
    const fastest = rateText(highestTarget(startRate, stages), timeUnitMs)
    return {
      ...common,
      executor: 'ramping-arrival-rate',
      maxVUs,
      plannedVUs: preAllocatedVUs,
      durationMs,
      isOpenModel: true,
      iterationSegment: share ?? wholeTest,
      description: `up to ${fastest} for ${formatDuration(durationMs)} over ${stages.length} stages (${usersText(options)})`,
      async run(run) {
        if (!share) return
        const { gracefulStopMs } = common
        await runArrivals(run, { schedule, segment: share, preAllocatedVUs, durationMs, gracefulStopMs })
      },
    }
  },
}
