import type { Phase, Series } from '../../harness/record/schema.ts'
import { binWidthS, medianOverTrials } from '../data/over-time.ts'
import { usablePart } from '../data/usable.ts'
import { formatStat } from '../format.ts'
import { rowOf, type ScenarioView, type View } from '../view.ts'
import { type Chart, type Drawing, type Line, scaleFor } from './chart.ts'

/** Which series a chart shows: the first of these that any trial has. */
export type SeriesChoice = (scenario: ScenarioView) => { metric: string; stat: string }[]

interface OverTime extends Pick<Chart, 'id' | 'question' | 'help'> {
  series: SeriesChoice
  /** Of what is recorded from its first occurrence on: a usable trial that has none of it had zero throughout. */
  absentIsZero?: boolean
}

/** A chart of a quantity over the seconds of the load: one line a variant, the median over its valid trials. */
export const overTime = ({ series, absentIsZero = false, ...texts }: OverTime): Chart => ({
  ...texts,
  prepare: (view, scenario) => {
    const found = series(scenario)
      .map((wanted) => drawSeries(view, scenario, wanted, absentIsZero))
      .find((drawing) => drawing !== null)
    return found ?? null
  },
})

type Wanted = ReturnType<SeriesChoice>[number]

function drawSeries(view: View, scenario: ScenarioView, wanted: Wanted, absentIsZero: boolean): Drawing | null {
  const observed = scenario.records.flatMap((record) => matching(record.series, wanted))
  const [first] = observed
  if (!first) return null
  const widthS = binWidthS(observed, scenario.variants.length)
  const lines = view.variants.flatMap((variant): Line[] => {
    const trials = scenario.records.filter((record) => record.variant === variant.name)
    const usable = trials.flatMap((record) => {
      const own = matching(record.series, wanted)
      const shown = own.length === 0 && absentIsZero ? zeros(record.series, first) : own
      return shown.map((each) => usablePart(record, each))
    })
    const points = medianOverTrials(usable, widthS)
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

/** On the axis of a series that the load itself left. */
const zeros = (series: readonly Series[], like: Series): Series[] =>
  series
    .filter(({ source }) => source === like.source)
    .slice(0, 1)
    .map(({ t }) => ({ ...like, t, v: t.map(() => 0) }))

/** From the beginning of the load, or what was seen before it, to the last that any trial of the scenario saw. */
function timeSpan({ records }: ScenarioView): [number, number] {
  const ends = records.flatMap(({ series }) => series.flatMap(({ t }) => [t[0] ?? 0, t.at(-1) ?? 0]))
  return [Math.min(0, ...ends), Math.max(1, ...ends)]
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
