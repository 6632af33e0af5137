/** What a load shows: figures, and what went wrong: pure. */
import type { LoadResult } from '../engine/port.ts'
import { decodeHistogram } from '../metrics/histogram.ts'
import { type Figure, judgeLatency, judgeRate, judgeStartError, percentOf, statNames } from './bands.ts'
import type { Drive } from './drive.ts'
import { isWhole } from './oracle/log.ts'
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
  /** Requests that were lost, starts that were dropped, ...: then the figures compare different things. */
  losses: string[]
}

export function evaluate(row: Row, drive: Drive): Evaluation {
  const compared = row.comparisons.map((comparison) => ({
    comparison,
    truths: truthsOf(comparison.truth, drive.entries, drive.schedule),
  }))
  const [honest, controls] = [
    compared.filter((each) => !each.comparison.isControl),
    compared.filter((each) => each.comparison.isControl),
  ]
  return {
    figures: [
      ...honest.flatMap(({ comparison, truths }) => latencies(comparison, truths, drive.result)),
      ...(row.rate === undefined ? [] : punctuality(row.rate, drive)),
    ],
    controls: controls.map(({ comparison, truths }) => omission(comparison, truths, drive.result)),
    losses: [
      ...lossesOf(drive),
      ...honest.flatMap(({ comparison, truths }) => missing(comparison, truths, drive.result)),
    ],
  }
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

function punctuality(rate: number, { entries, schedule }: Drive): Figure[] {
  const errorsMs = startErrorsMs(entries, schedule)
  return [
    judgeRate(rate, arrivalsPerS(entries)),
    ...statNames.map((stat) => judgeStartError(stat, percentileOf(errorsMs, percentOf(stat)))),
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
function omission({ what, metric }: Comparison, { releasedMs }: Truths, result: LoadResult): Control {
  const [released, measured] = [percentileOf(releasedMs, 99), latencyReader(result, metric)(99)]
  const { verdict } = judgeLatency(what, 'p99', { programmed: Number.NaN, released, measured })
  return {
    name: what,
    isDetected: verdict === 'out' && Number.isFinite(measured),
    evidence: `p99 ${measured.toFixed(1)} ms where ${released.toFixed(1)} ms were waited`,
  }
}

/** The generator was blocked on purpose: its own watch and the oracle's log both have to show it. */
export function blockedControls(drive: Drive): Control[] {
  const startErrorMs = percentileOf(startErrorsMs(drive.entries, drive.schedule), 99)
  const { verdict } = judgeStartError('p99', startErrorMs)
  const late = drive.faults.filter((fault) => fault.includes('late'))
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

function lossesOf({ entries, result, messages }: Drive): string[] {
  const cut = entries.filter((entry) => !isWhole(entry)).length
  const sumOf = (metric: string): number =>
    result.metrics.find((each) => each.metric === metric && each.scenario === undefined && each.phase === undefined)
      ?.sum ?? 0
  const dropped = sumOf('dropped_iterations')
  const failed = sumOf('http_req_failed')
  return [
    ...(result.exitCode === 0
      ? []
      : [`the load ended with code ${result.exitCode}: ${result.endedBecause ?? messages.at(-1) ?? ''}`]),
    ...(entries.length === 0 ? ['no request reached the oracle'] : []),
    ...(cut > 0 ? [`${cut} answers were cut off before their end`] : []),
    ...(dropped > 0 ? [`${dropped} starts were dropped, so the schedule cannot be laid beside the log`] : []),
    ...(failed > 0 ? [`${failed} requests failed`] : []),
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
