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
  const bins = new Map<number, number[]>()
  for (const series of trials) {
    for (const [bin, value] of binned(series, widthS)) bins.set(bin, [...(bins.get(bin) ?? []), value])
  }
  const numbers = [...bins.keys()].sort((a, b) => a - b)
  const first = numbers[0] ?? 0
  const length = numbers.length === 0 ? 0 : numbers.at(-1)! - first + 1
  return Array.from({ length }, (_, at): Point => {
    const values = bins.get(first + at)
    return [(first + at) * widthS, values ? middle(values) : null]
  })
}

function binned(series: Series, widthS: number): Map<number, number> {
  const values = new Map<number, number[]>()
  series.t.forEach((t, at) => {
    const value = series.v[at]
    if (value === null || value === undefined) return
    const bin = Math.round(t / widthS)
    values.set(bin, [...(values.get(bin) ?? []), value])
  })
  const reduce = series.stat === 'max' ? largest : mean
  return new Map([...values].map(([bin, inBin]) => [bin, reduce(inBin)]))
}

const largest = (values: readonly number[]): number => Math.max(...values)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
