/** What a load shows: figures, and what went wrong: pure. */
import type { LoadResult } from '../engine/port.ts'
import { decodeHistogram } from '../metrics/histogram.ts'
import { type Figure, judgeLatency, judgeRate, judgeStartError, percentOf, statNames } from './bands.ts'
import { isLate, objectionsTo, waitingOf, waitsOf } from './disturbance.ts'
import type { Drive } from './drive.ts'
import { explainsLatency, explainsRate, explainsStartError, type Waiting } from './excuse.ts'
import { droppedStarts, explainsDrops, lossesOf } from './losses.ts'
import type { Comparison, Row } from './rows.ts'
import { arrivalsPerS, percentileOf, startErrorsMs, type Truths, truthsOf } from './truth.ts'

/** A negative control: something is wrong on purpose, and has to be noticed. */
export interface Control {
  name: string
  isDetected: boolean
  /** What was seen, for people. */
  evidence: string
}

export interface Evaluation {
  figures: Figure[]
  controls: Control[]
  /** Requests that were lost, starts that are missing, ...: then the figures compare different things. */
  losses: string[]
  /** Why nothing can be said although nothing else is wrong. */
  disturbances: string[]
}

export function evaluate(row: Row, drive: Drive): Evaluation {
  const waiting = waitingOf(row, drive)
  const compared = row.comparisons.map((comparison) => ({
    comparison,
    truths: truthsOf(comparison.truth, drive.entries, drive.schedule),
  }))
  const honest = compared.filter((each) => !each.comparison.isControl)
  const omitting = compared.filter((each) => each.comparison.isControl)
  const dropped = dropsOf(drive, waiting)
  const figures = [
    ...honest.flatMap(({ comparison, truths }) =>
      latencies(comparison, truths, drive.result).map((figure) =>
        excused(figure, waiting, (by) => explainsLatency(figure, truths.releasedMs, by)),
      ),
    ),
    ...(row.rate === undefined || row.spin !== undefined ? [] : punctuality(row.rate, drive, waiting)),
  ]
  const isExcused = figures.some(({ verdict }) => verdict === 'disturbed')
  return {
    figures,
    controls: [
      ...omitting.map(({ comparison, truths }) => omission(row, comparison, truths, drive.result)),
      ...(row.rate === undefined || row.spin === undefined ? [] : blockedControls(drive)),
    ],
    losses: [
      ...lossesOf(drive),
      ...dropped.losses,
      ...honest.flatMap(({ comparison, truths }) => missing(comparison, truths, drive.result)),
    ],
    disturbances: [
      ...objectionsTo(row, drive),
      ...dropped.disturbances,
      ...(isExcused || dropped.disturbances.length > 0 ? waitsOf(drive) : []),
    ],
  }
}

/** What is out of band by no more than the waiting explains says nothing. */
const excused = (figure: Figure, waiting: Waiting | null, explains: (by: Waiting) => boolean): Figure =>
  figure.verdict === 'out' && waiting !== null && explains(waiting) ? { ...figure, verdict: 'disturbed' } : figure

function dropsOf(drive: Drive, waiting: Waiting | null): { losses: string[]; disturbances: string[] } {
  const dropped = droppedStarts(drive)
  if (dropped === 0) return { losses: [], disturbances: [] }
  const lines = [`${dropped} starts were dropped, so the schedule cannot be laid beside the log`]
  return waiting !== null && explainsDrops(drive, waiting)
    ? { losses: [], disturbances: lines }
    : { losses: lines, disturbances: [] }
}

function latencies({ what, metric }: Comparison, { programmedMs, releasedMs }: Truths, result: LoadResult): Figure[] {
  const measuredAt = latencyReader(result, metric)
  return statNames.map((stat) => {
    const percent = percentOf(stat)
    return judgeLatency(what, stat, {
      programmed: percentileOf(programmedMs, percent),
      released: percentileOf(releasedMs, percent),
      measured: measuredAt(percent),
    })
  })
}

function punctuality(rate: number, { entries, schedule }: Drive, waiting: Waiting | null): Figure[] {
  const errorsMs = startErrorsMs(entries, schedule)
  const arrival = judgeRate(rate, arrivalsPerS(entries))
  const starts = statNames.map((stat) => judgeStartError(stat, percentileOf(errorsMs, percentOf(stat))))
  return [
    excused(arrival, waiting, (by) => explainsRate(arrival, by)),
    ...starts.map((figure) => excused(figure, waiting, (by) => explainsStartError(figure, errorsMs, by))),
  ]
}

/** Reads percentiles of a trend of the whole load, ms; NaN where it has no samples. */
export function latencyReader(result: LoadResult, metric: string): (percent: number) => number {
  const stored = result.histograms.find((each) => each.metric === metric && each.scenario === undefined)
  if (!stored) return () => Number.NaN
  const histogram = decodeHistogram(stored.data)
  return (percent) => Math.min(stored.max, Math.max(stored.min, histogram.getValueAtPercentile(percent) / stored.scale))
}

/** Has to be out of band at p99, by what was not measured. */
function omission({ script }: Row, { what, metric }: Comparison, { releasedMs }: Truths, result: LoadResult): Control {
  const [released, measured] = [percentileOf(releasedMs, 99), latencyReader(result, metric)(99)]
  const { verdict } = judgeLatency(what, 'p99', { programmed: Number.NaN, released, measured })
  return {
    name: `${what}, ${script}`,
    isDetected: verdict === 'out' && measured < released,
    evidence: `a tool without it would report ${metric}: p99 ${measured.toFixed(1)} ms where ${released.toFixed(1)} ms were waited`,
  }
}

/** The generator was blocked on purpose: its own watch and the oracle's log both have to show it. */
export function blockedControls(drive: Drive): Control[] {
  const startErrorMs = percentileOf(startErrorsMs(drive.entries, drive.schedule), 99)
  const { verdict } = judgeStartError('p99', startErrorMs)
  const late = drive.faults.filter(isLate)
  return [
    {
      name: 'generator blocked: its own watch objects',
      isDetected: late.length > 0,
      evidence: late.join('; ') || 'it found nothing wrong',
    },
    {
      name: 'generator blocked: starts are late at the oracle',
      isDetected: verdict === 'out' && Number.isFinite(startErrorMs),
      evidence: `start error p99 ${startErrorMs.toFixed(1)} ms`,
    },
  ]
}

/** Every answer is one sample. */
function missing({ what, metric }: Comparison, { releasedMs }: Truths, result: LoadResult): string[] {
  const stored = result.histograms.find((each) => each.metric === metric && each.scenario === undefined)
  const measured = stored?.count ?? 0
  return measured === releasedMs.length
    ? []
    : [`${what}: ${measured} samples of ${releasedMs.length} answers (${metric})`]
}
