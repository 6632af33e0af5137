import type { Phase, Series } from '../../harness/record/schema.ts'
import { binWidthS, meanOverTrials, medianOverTrials } from '../data/over-time.ts'
import { isUsable, usablePart } from '../data/usable.ts'
import { formatStat } from '../format.ts'
import { rowOf, type ScenarioView, type View } from '../view.ts'
import { type Chart, type Drawing, type Line, scaleFor } from './chart.ts'

/** Which series a chart shows: the first of these that any trial has. */
export type SeriesChoice = (scenario: ScenarioView) => { metric: string; stat: string }[]

interface OverTime extends Pick<Chart, 'id' | 'question' | 'help'> {
  series: SeriesChoice
  /**
   * Of what is recorded from its first occurrence on: until then, and in a usable trial that has none of it throughout, it was
   * zero. The line is the mean over the trials, so that what happened in a single one is seen.
   */
  isOccurrence?: boolean
  /** What is said where it did not occur in any usable trial. */
  empty?: string
}

/** A chart of a quantity over the seconds of the load: one line a variant, the median over its usable trials. */
export const overTime = ({ series, isOccurrence = false, empty, ...texts }: OverTime): Chart => ({
  ...texts,
  prepare: (view, scenario) => {
    const wanted = series(scenario)
    const found = wanted
      .map((each) => drawSeries(view, scenario, each, isOccurrence))
      .find((drawing) => drawing !== null)
    return found ?? (empty !== undefined && hasLoad(scenario) ? nothingOf(wanted[0]!, empty) : null)
  },
})

/** Whether a usable trial was under a load that would have been seen to fail. */
const hasLoad = ({ records }: ScenarioView): boolean =>
  records.some((record) => isUsable(record, {}) && record.series.some(({ metric }) => metric === 'iterations'))

const nothingOf = ({ metric, stat }: Wanted, empty: string): Drawing => ({
  ...{ axis: 'seconds', unit: 'per second', yScale: 'linear', lines: [], marks: [], empty },
  subject: rowOf({ metric, stat, unit: 'per second', better: 'lower' }).label,
})

type Wanted = ReturnType<SeriesChoice>[number]

function drawSeries(view: View, scenario: ScenarioView, wanted: Wanted, isOccurrence: boolean): Drawing | null {
  const ofTrial = new Map(scenario.records.map((record) => [record, matching(record.series, wanted)]))
  const observed = [...ofTrial.values()].flat()
  const [first] = observed
  if (!first) return null
  const widthS = binWidthS(observed, scenario.variants.length)
  const lines = view.variants.flatMap((variant): Line[] => {
    const trials = scenario.records.filter((record) => record.variant === variant.name)
    const usable = trials.flatMap((record) => {
      const own = ofTrial.get(record)!
      const shown = isOccurrence ? withZeros(record.series, own[0] ?? { ...first, t: [], v: [] }) : own
      return shown.map((each) => usablePart(record, each))
    })
    const points = (isOccurrence ? meanOverTrials : medianOverTrials)(usable, widthS)
    return points.length === 0 ? [] : [{ variant: variant.index, points }]
  })
  const { label } = rowOf({ metric: first.metric, stat: first.stat, unit: first.unit, better: 'none' })
  return {
    axis: 'seconds',
    xRange: timeSpan(scenario),
    unit: first.unit,
    subject: [label, formatStat(first.stat)].filter(Boolean).join(', '),
    yScale: scaleFor(lines),
    lines,
    marks: phaseMarks(scenario),
  }
}

/** On the axis of the longest series that the load itself left, with zero wherever it says nothing; empty where there is none. */
function withZeros(series: readonly Series[], own: Series): Series[] {
  const [longest] = series.filter(({ source }) => source === own.source).toSorted((a, b) => b.t.length - a.t.length)
  if (!longest) return []
  const values = new Map([
    ...longest.t.map((t) => [t, 0] as const),
    ...own.t.map((t, at) => [t, own.v[at] ?? 0] as const),
  ])
  const t = [...values.keys()].sort((a, b) => a - b)
  return [{ ...own, t, v: t.map((each) => values.get(each)!) }]
}

/** From the beginning of the load, or what was seen before it, to the last that any trial of the scenario saw. */
function timeSpan(scenario: ScenarioView): [number, number] {
  let span = spans.get(scenario)
  if (!span) spans.set(scenario, (span = newTimeSpan(scenario)))
  return span
}

/** All charts of a scenario have the same. */
const spans = new WeakMap<ScenarioView, [number, number]>()

function newTimeSpan({ records }: ScenarioView): [number, number] {
  let [first, last] = [0, 1]
  for (const { series } of records)
    for (const { t } of series) {
      first = Math.min(first, t[0] ?? 0)
      last = Math.max(last, t.at(-1) ?? 0)
    }
  return [first, last]
}

/** The series of the whole load; where a record has it only a k6 scenario at a time, the first of those. */
function matching(series: readonly Series[], wanted: Wanted): Series[] {
  const found = series.filter(
    (each) => each.metric === wanted.metric && each.stat === wanted.stat && each.v.some((value) => value !== null),
  )
  return found
    .filter((each) => each.scenario === undefined && each.phase === undefined)
    .concat(found)
    .slice(0, 1)
}

/** One phase needs no mark: it is the whole axis. */
function phaseMarks(scenario: ScenarioView): Drawing['marks'] {
  const phases: Phase[] = scenario.records.find((record) => record.phases.length > 0)?.phases ?? []
  return phases.length < 2 ? [] : phases.map(({ name, startS }) => ({ at: startS, label: name }))
}
