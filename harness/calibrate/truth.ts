/**
 * What a perfect instrument would have measured, from what the oracle logged: pure. All times are CLOCK_MONOTONIC ms.
 */
import { isWhole, type OracleEntry } from './oracle/log.ts'

/** When the request with this id was due. */
export type Schedule = (id: number) => number

/**
 * service: arrival -> last token. intended: due -> last token. ttft, intended-ttft: the same to the first token.
 * itl: (last token - first token) / (tokens - 1).
 */
export type Truth = 'service' | 'intended' | 'ttft' | 'intended-ttft' | 'itl'

/** @param releases planned or actual, of one request */
function truthOf(truth: Truth, { id, arrivedMs }: OracleEntry, releases: number[], schedule: Schedule): number {
  const firstMs = releases[0]!
  const lastMs = releases.at(-1)!
  switch (truth) {
    case 'service':
      return lastMs - arrivedMs
    case 'intended':
      return lastMs - schedule(id)
    case 'ttft':
      return firstMs - arrivedMs
    case 'intended-ttft':
      return firstMs - schedule(id)
    case 'itl':
      return (lastMs - firstMs) / (releases.length - 1)
  }
}

export interface Truths {
  /** As the plan had it, ms, ascending. */
  programmedMs: number[]
  /** As it was, ms, ascending. */
  releasedMs: number[]
}

/** Of all answers that were given whole; where the schedule counts, of those that have a place in it. */
export function truthsOf(truth: Truth, entries: readonly OracleEntry[], schedule: Schedule): Truths {
  const needsPlace = truth === 'intended' || truth === 'intended-ttft'
  const counted = entries.filter((entry) => isWhole(entry) && (!needsPlace || entry.id >= 0))
  const sorted = (releasesOf: (entry: OracleEntry) => number[]): number[] =>
    counted.map((entry) => truthOf(truth, entry, releasesOf(entry), schedule)).sort((a, b) => a - b)
  return {
    programmedMs: sorted(({ plannedMs }) => plannedMs),
    releasedMs: sorted(({ releasedMs }) => releasedMs),
  }
}

/** Arrival at the oracle less the time it was due, ms, ascending. */
export const startErrorsMs = (entries: readonly OracleEntry[], schedule: Schedule): number[] =>
  entries
    .filter(({ id }) => id >= 0)
    .map(({ id, arrivedMs }) => arrivedMs - schedule(id))
    .sort((a, b) => a - b)

/** Starts at absolute offsets: id / rate seconds after the start of the load. */
export const evenSchedule =
  (startMs: number, perSecond: number): Schedule =>
  (id) =>
    startMs + (1000 * id) / perSecond

/**
 * Users who each ask every `everyMs`, `turns` times, ids counted user by user. A user's zero is not told by anybody: it
 * is where none of its requests came before it was due (the largest such time), so that a late first one does not move it.
 */
export function pacedSchedule(entries: readonly OracleEntry[], everyMs: number, turns: number): Schedule {
  const zeroMs = new Map<number, number>()
  for (const { id, arrivedMs } of entries) {
    if (id < 0) continue
    const user = Math.floor(id / turns)
    const impliedMs = arrivedMs - (id % turns) * everyMs
    zeroMs.set(user, Math.min(zeroMs.get(user) ?? impliedMs, impliedMs))
  }
  return (id) => zeroMs.get(Math.floor(id / turns))! + (id % turns) * everyMs
}

/**
 * Users who each sleep `sleepMs` between an answer and their next request, `turns` times, ids counted user by user. The
 * first request of a user is due when it comes.
 */
export function sleptSchedule(entries: readonly OracleEntry[], sleepMs: number, turns: number): Schedule {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return (id) =>
    id % turns === 0 ? byId.get(id)!.arrivedMs : (byId.get(id - 1)?.releasedMs.at(-1) ?? Number.NaN) + sleepMs
}

/** The nearest rank: the smallest value that at least `percent` of all do not exceed; NaN of nothing. */
export function percentileOf(ascending: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * ascending.length - 1e-9))
  return ascending[rank - 1] ?? Number.NaN
}

/**
 * Arrivals a second: the slope of the straight line (least squares) through number and time of the arrivals, so that a
 * single late one at an end does not count for the whole. NaN of fewer than two.
 */
export function arrivalsPerS(entries: readonly OracleEntry[]): number {
  const times = entries.map(({ arrivedMs }) => arrivedMs).sort((a, b) => a - b)
  const middle = (times.length - 1) / 2
  const meanMs = times.reduce((sum, time) => sum + time, 0) / times.length
  let covariance = 0
  let variance = 0
  for (const [index, time] of times.entries()) {
    covariance += (index - middle) * (time - meanMs)
    variance += (index - middle) ** 2
  }
  return (1000 * variance) / covariance
}

/** Ids anew, 0, 1, 2, ...: for who sends none. */
export const inOrderOfArrival = (entries: readonly OracleEntry[]): OracleEntry[] =>
  [...entries].sort((a, b) => a.arrivedMs - b.arrivedMs).map((entry, id) => ({ ...entry, id }))
