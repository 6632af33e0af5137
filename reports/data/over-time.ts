import { medianOf } from '../../harness/compare/estimate.ts'
import type { Series } from '../../harness/record/schema.ts'
import type { Point } from './percentiles.ts'

/** More points than this do not fit beside each other on a chart; where lines are many, fewer of each can be told apart. */
const mostPointsALine = 240
const mostPoints = 1200
const binWidthsS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** The bin width, in seconds, that all of a chart's lines share. @param lines how many they are */
export function binWidthS(series: readonly Series[], lines = 1): number {
  const most = Math.min(mostPointsALine, mostPoints / lines)
  const times = series.flatMap((each) => [each.t[0] ?? 0, each.t.at(-1) ?? 0])
  const spanS = Math.max(0, ...times) - Math.min(0, ...times)
  return binWidthsS.find((width) => spanS / width <= most) ?? Math.ceil(spanS / most)
}

/**
 * One line out of the same series of several trials: each trial's values are put into bins (their mean; the largest
 * where the series holds maxima), then the median over the trials is taken. A bin in which no trial has a value is a gap.
 */
export const medianOverTrials = (trials: readonly Series[], widthS: number): Point[] =>
  overTrials(trials, widthS, medianOf)

/** The same by the mean over the trials, which hides nothing that happened in only a few of them. */
export const meanOverTrials = (trials: readonly Series[], widthS: number): Point[] => overTrials(trials, widthS, mean)

function overTrials(
  trials: readonly Series[],
  widthS: number,
  middle: (values: readonly number[]) => number | null,
): Point[] {
  const all = trials.map((series) => binned(series, widthS)).filter(({ values }) => values.length > 0)
  const first = Math.min(...all.map((each) => each.first))
  const end = Math.max(...all.map((each) => each.first + each.values.length))
  return Array.from({ length: Math.max(0, end - first) }, (_, at): Point => {
    const bin = first + at
    const values: number[] = []
    for (const each of all) {
      const value = each.values[bin - each.first]
      if (value !== null && value !== undefined) values.push(value)
    }
    return [bin * widthS, values.length > 0 ? middle(values) : null]
  })
}

/** The bins from the first to the last that has a value; those between that have none are null. */
interface Binned {
  first: number
  values: (number | null)[]
}

/** Times ascend, so that what falls into a bin stands together. */
function binned({ t, v, stat }: Series, widthS: number): Binned {
  const bins: Binned = { first: 0, values: [] }
  const isLargest = stat === 'max'
  let [bin, value, count] = [Number.NaN, 0, 0]
  const close = (): void => {
    if (count === 0) return
    if (bins.values.length === 0) bins.first = bin
    while (bins.first + bins.values.length < bin) bins.values.push(null)
    bins.values.push(isLargest ? value : value / count)
  }
  for (let at = 0; at < t.length; at++) {
    const next = v[at]
    if (next === null || next === undefined) continue
    const its = Math.round(t[at]! / widthS)
    if (its !== bin) {
      close()
      ;[bin, value, count] = [its, next, 1]
    } else {
      value = isLargest ? Math.max(value, next) : value + next
      count++
    }
  }
  close()
  return bins
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
