import { build } from 'hdr-histogram-js'

/** What `GET /lateness` answers with: emissions since the last look, and how late they were. */
export interface LatenessReport {
  count: number
  p50Ms: number
  p97Ms: number
  p99Ms: number
  maxMs: number
}

const microsecondsPerMs = 1_000
const highestMs = 600_000

/** Keeps scheduled against actual emission time of everything the stubs emit. */
export class Lateness {
  readonly #histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMs * microsecondsPerMs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })

  record(scheduledMs: number, emittedMs: number): void {
    const lateMs = Math.min(Math.max(emittedMs - scheduledMs, 0), highestMs)
    this.#histogram.recordValue(Math.round(lateMs * microsecondsPerMs))
  }

  /** The figures since the previous call; begins anew. All are 0 when nothing was emitted. */
  take(): LatenessReport {
    const histogram = this.#histogram
    const percentileMs = (p: number) => histogram.getValueAtPercentile(p) / microsecondsPerMs
    const report = {
      count: histogram.totalCount,
      p50Ms: percentileMs(50),
      p97Ms: percentileMs(97),
      p99Ms: percentileMs(99),
      maxMs: histogram.totalCount === 0 ? 0 : histogram.maxValue / microsecondsPerMs,
    }
    histogram.reset()
    return report
  }
}
