/**
 * What waiting for a CPU can have moved, and so what it excuses: pure. Who waited for a share of the time had that share
 * of its samples touched, each by no more than all of the waiting together; so a percentile can have moved by as many
 * ranks, and by no more than that. An error beyond it is the instrument's own.
 */
import { type Figure, percentOf, type StatName } from './bands.ts'
import { percentileOf } from './truth.ts'

/** Of generator and oracle together. */
export interface Waiting {
  totalMs: number
  /** Of the load's time, 0 to 1 and above. */
  share: number
}

/** A request is touched where it is sent and where it is answered; as many again have to queue behind those. */
const touchesPerRequest = 4
/** However long the waiting was, it is no excuse for more. */
const mostTouched = 0.05
/** Caches are cold after a wait, for every sample a little. */
const slackBands = 2

/** The share of all requests that the waiting can have touched. */
export const touchedShare = ({ share }: Waiting): number => Math.min(mostTouched, touchesPerRequest * share)

/** @param releasedMs what the figure's `released` is the percentile of, ascending */
export function explainsLatency(figure: Figure, releasedMs: readonly number[], waiting: Waiting): boolean {
  const { released, measured, band } = figure
  const percent = percentOf(figure.stat as StatName)
  const ranks = 100 * touchedShare(waiting)
  const highest = percent + ranks < 100 ? percentileOf(releasedMs, percent + ranks) : Number.POSITIVE_INFINITY
  const slack = slackBands * band
  // Who had to wait for a tenth of the time is slower by about a tenth.
  const slower = Math.min(1, waiting.share) * released
  const lowest = percentileOf(releasedMs, Math.max(0, percent - ranks))
  return (
    measured <= Math.min(highest, released + waiting.totalMs) + slower + slack &&
    measured >= Math.max(lowest, released - waiting.totalMs) - slack
  )
}

/** The others were in time, and those were at least half. @param errorsMs all start errors, ascending */
export function explainsStartError({ measured, band }: Figure, errorsMs: readonly number[], waiting: Waiting): boolean {
  const untouched = percentileOf(errorsMs, Math.max(50, 99 - 100 * touchesPerRequest * waiting.share))
  return Math.abs(untouched) <= slackBands * band && Math.abs(measured) <= band + waiting.totalMs
}

/**
 * Starts are at absolute times, so a wait moves only those that were due in it, by its length at the most: that tilts
 * the line through all arrivals by three times the square of its share.
 */
export const explainsRate = ({ released, measured, band }: Figure, waiting: Waiting): boolean =>
  Math.abs(measured - released) <= band + 3 * Math.min(mostTouched, waiting.share) ** 2 * released
