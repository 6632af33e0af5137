/** When a measured number counts as right: pure. The bands are those of the measurement design, "what good is". */

export const statNames = ['p50', 'p90', 'p99', 'p99.9'] as const
export type StatName = (typeof statNames)[number]
export const percentOf = (stat: StatName): number => Number(stat.slice(1))

/** The others are shown, not judged: p90 lies between two that are, and p99.9 stands on too few. */
const judged: readonly StatName[] = ['p50', 'p99']

const share = 0.01
const floorMs = 0.25
/** Requests arrive at this rate or they do not, whatever their jitter. */
const rateShare = 0.001
const startErrorLimitMs = 2

/** in, out: of the band. disturbed: out of it by no more than waiting for a CPU explains. shown: not judged. */
export type FigureVerdict = 'in' | 'out' | 'disturbed' | 'shown'

/** One line of the table. */
export interface Figure {
  /** `service`, `TTFT`, `arrival rate`, ... */
  what: string
  /** Empty for what is one number. */
  stat: StatName | ''
  unit: 'ms' | 'per second'
  programmed: number
  /** As it really was at the oracle. */
  released: number
  measured: number
  /** How far measured may be from released; NaN where nothing is judged. */
  band: number
  verdict: FigureVerdict
}

/** A latency against what was released: within 1% of it or 0.25 ms, whichever is more. */
export function judgeLatency(
  what: string,
  stat: StatName,
  values: { programmed: number; released: number; measured: number },
): Figure {
  const isJudged = judged.includes(stat)
  const band = isJudged ? Math.max(floorMs, share * values.released) : Number.NaN
  return { what, stat, unit: 'ms', ...values, band, verdict: isJudged ? inside(values, band) : 'shown' }
}

/** The rate that the oracle saw against the one that the script asked for: within 0.1%. */
export function judgeRate(programmed: number, seen: number): Figure {
  const values = { programmed, released: programmed, measured: seen }
  const band = rateShare * programmed
  return { what: 'arrival rate', stat: '', unit: 'per second', ...values, band, verdict: inside(values, band) }
}

/** How much later than due a request was at the oracle: p99 below 2 ms. */
export function judgeStartError(stat: StatName, startErrorMs: number): Figure {
  const values = { programmed: 0, released: 0, measured: startErrorMs }
  const isJudged = stat === 'p99'
  const band = isJudged ? startErrorLimitMs : Number.NaN
  return { what: 'start error', stat, unit: 'ms', ...values, band, verdict: isJudged ? inside(values, band) : 'shown' }
}

/** What could not be measured (NaN) is not right. */
const inside = ({ released, measured }: { released: number; measured: number }, band: number): FigureVerdict =>
  Math.abs(measured - released) <= band ? 'in' : 'out'
