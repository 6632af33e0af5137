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
}

/** A chart of a quantity over the seconds of the load: one line a variant, the median over its valid trials. */
export const overTime = ({ series, ...texts }: OverTime): Chart => ({
  ...texts,
  prepare: (view, scenario) => {
    const found = series(scenario)
      .map((wanted) => drawSeries(view, scenario, wanted))
      .find((drawing) => drawing !== null)
    return found ?? null
  },
})

function drawSeries(view: View, scenario: ScenarioView, wanted: { metric: string; stat: string }): Drawing | null {
  const observed = scenario.records.flatMap((record) => matching(record.series, wanted))
  const [first] = observed
  if (!first) return null
  const widthS = binWidthS(observed)
  const lines = view.variants.flatMap((variant): Line[] => {
    const trials = scenario.records.filter((record) => record.variant === variant.name)
    const usable = trials.flatMap((record) => matching(record.series, wanted).map((each) => usablePart(record, each)))
    const points = medianOverTrials(usable, widthS)
    return points.length === 0 ? [] : [{ variant: variant.index, points }]
  })
  const { label } = rowOf({ metric: first.metric, stat: first.stat, unit: first.unit, better: 'none' })
  return {
    axis: 'seconds',
    unit: first.unit,
    subject: [label, formatStat(first.stat)].filter(Boolean).join(', '),
    yScale: scaleFor(lines),
    lines,
    marks: phaseMarks(scenario),
  }
}

/** The series of the whole load; where a record has it only a k6 scenario at a time, the first of those. */
function matching(series: readonly Series[], wanted: { metric: string; stat: string }): Series[] {
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
