import { type Estimate, mean, meanWithInterval } from '../../harness/compare/estimate.ts'
import type { Series, TrialRecord } from '../../harness/record/schema.ts'
import type { Point } from './percentiles.ts'
import { type StraightLine, theilSen } from './theil-sen.ts'
import { usablePart } from './usable.ts'

/** What a server does while its sessions become more. */
export interface ScalingCurve {
  /** Of all trials: how much there was of the load, and what was then observed. */
  points: Point[]
  /** The mean of the trials' lines. */
  line: StraightLine
  /** Cost of one more, with Student's t interval at 95% over the trials. */
  slope: Estimate
  trials: number
}

export interface SeriesName {
  metric: string
  stat: string
}

/** A load that grows has at least so many different heights, and grows from at most half of its top. */
const leastHeights = 5
const highestStart = 0.5
/** Users that a load itself ramps are at their top, but for the moment between two samples, all that there are. */
const leastOfUsers = 0.95
/** A rate that the load changes becomes at least so many times what it was; the rest is how one second differs from another. */
const leastRise = 1.5
/** In so many steps of its growth it may fall back for a moment: people come and go. */
const mostFalls = 0.1
/** A trial gives no more points than a chart can show; each is the mean of its neighbours. */
const mostPoints = 60

/**
 * The part of a load in which sessions become more, as times; null where they do not. Open WebSockets, else the users of a load
 * that ramps them.
 */
export function growthOf(record: TrialRecord): Growth | null {
  let growth = known.get(record)
  if (growth === undefined) known.set(record, (growth = newGrowth(record)))
  return growth
}

interface Growth {
  sessions: Series
  untilS: number
}

/** Three charts ask for it. */
const known = new WeakMap<TrialRecord, Growth | null>()

function newGrowth(record: TrialRecord): Growth | null {
  const sessions = seriesOf(record, [{ metric: 'ws_sessions_open', stat: 'value' }]) ?? rampedUsers(record)
  if (!sessions) return null
  const values = sessions.v.map((value) => value ?? 0)
  const top = Math.max(...values)
  const rise = values.slice(0, values.indexOf(top) + 1)
  const falls = rise.filter((value, at) => at > 0 && value < rise[at - 1]!).length
  const isGrowth =
    rise[0]! <= top * highestStart && new Set(rise).size >= leastHeights && falls <= rise.length * mostFalls
  return isGrowth ? { sessions, untilS: sessions.t[rise.length - 1]! } : null
}

/**
 * The users of a load that says how many there are. Those of an open load are the server's doing: so many as are waited for at
 * the moment, of more that stand ready; where they do not suffice, iterations are dropped, which only an open load can.
 */
function rampedUsers(record: TrialRecord): Series | undefined {
  const users = seriesOf(record, [{ metric: 'vus', stat: 'value' }])
  const most = largestOf(record, 'vus_max')
  const isOpen = largestOf(record, 'dropped_iterations') > 0
  const top = Math.max(...(users?.v ?? []).map((value) => value ?? 0))
  return isOpen || most === 0 || top < most * leastOfUsers ? undefined : users
}

function largestOf({ observations }: TrialRecord, metric: string): number {
  let largest = 0
  for (const each of observations) if (each.metric === metric && each.value > largest) largest = each.value
  return largest
}

/** @param trials of one variant under one scenario; those without growth, or without either series, give nothing */
export function scalingCurve(
  trials: readonly TrialRecord[],
  x: readonly SeriesName[] | null,
  y: readonly SeriesName[],
): ScalingCurve | null {
  const ofTrials = trials.flatMap((record) => {
    const points = pointsOf(record, x, y)
    const line = theilSen(points)
    return line ? [{ points, line }] : []
  })
  if (ofTrials.length === 0) return null
  const slope = meanWithInterval(ofTrials.map(({ line }) => line.slope))
  return {
    points: ofTrials.flatMap(({ points }) => points),
    line: { slope: slope.estimate, intercept: mean(ofTrials.map(({ line }) => line.intercept)) },
    slope,
    trials: ofTrials.length,
  }
}

/** @param x null: the sessions themselves; else what has to grow with them, or one more of it costs nothing that can be seen */
function pointsOf(record: TrialRecord, x: readonly SeriesName[] | null, y: readonly SeriesName[]): [number, number][] {
  const growth = growthOf(record)
  const [across, up] = [x === null ? growth?.sessions : seriesOf(record, x), seriesOf(record, y)]
  if (!growth || !across || !up) return []
  const inGrowth = ({ t }: Series, at: number): boolean => t[at]! >= 0 && t[at]! <= growth.untilS
  const usable = usablePart(record, up)
  const all = across.t.flatMap((t, at): [number, number][] => {
    const [value, seen] = [across.v[at], valueNear(usable, t)]
    return value === null || value === undefined || seen === null || !inGrowth(across, at) ? [] : [[value, seen]]
  })
  return x === null || hasRisen(all.map(([value]) => value)) ? thinned(all) : []
}

function hasRisen(values: readonly number[]): boolean {
  const quarter = Math.ceil(values.length / 4)
  return quarter > 0 && mean(values.slice(-quarter)) >= leastRise * mean(values.slice(0, quarter))
}

/** Mean of what a series says within half a second of a time; null where it says nothing. */
function valueNear({ t, v }: Series, time: number): number | null {
  let [sum, count] = [0, 0]
  for (let at = firstFrom(t, time - 0.5); at < t.length && t[at]! <= time + 0.5; at++) {
    const value = v[at]
    if (value === null || value === undefined) continue
    sum += value
    count++
  }
  return count === 0 ? null : sum / count
}

/** The place of the first of these ascending times that is not before the given one. */
function firstFrom(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

function thinned(points: [number, number][]): [number, number][] {
  const width = Math.ceil(points.length / mostPoints)
  return Array.from({ length: Math.ceil(points.length / Math.max(1, width)) }, (_, at) => {
    const group = points.slice(at * width, (at + 1) * width)
    return [mean(group.map(([x]) => x)), mean(group.map(([, y]) => y))]
  })
}

const seriesOf = ({ series }: TrialRecord, names: readonly SeriesName[]): Series | undefined =>
  names
    .map(({ metric, stat }) => series.find((each) => each.metric === metric && each.stat === stat))
    .find((each) => each !== undefined)
