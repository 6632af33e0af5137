/** The story of a calibration: rows against an oracle, then what has to be noticed. */
import type { LoadProgress } from '../engine/port.ts'
import type { Pinning } from '../record/schema.ts'
import type { Figure } from './bands.ts'
import { type Bench, type Drive, drive } from './drive.ts'
import { type Control, evaluate } from './evaluate.ts'
import { startOracle } from './oracle/handle.ts'
import { comparePeers, type PeerReport } from './peers/compare.ts'
import { type Row, rows } from './rows.ts'

/**
 * in: everything judged is in band. disturbed: the generator was late, or what is out of band is no more than waiting
 * for a CPU explains, each time; so nothing can be said. out: it is more than that.
 */
export type RowVerdict = 'in' | 'out' | 'disturbed'

export interface RowReport {
  name: string
  figures: Figure[]
  controls: Control[]
  /** Requests that the oracle saw. */
  requests: number
  verdict: RowVerdict
  /** Why, and what was tried again; one line each. */
  notes: string[]
}

export interface Calibration {
  pinning: string
  rows: RowReport[]
  controls: Control[]
  /** What other tools measured; empty where nobody asked. */
  peers: PeerReport[]
}

/** A row that is about to be driven. */
export interface RowStart {
  name: string
  /** From 1 on, of so many. */
  number: number
  rows: number
  /** It was disturbed. */
  isAgain: boolean
  /** Of a row, about. */
  secondsEach: number
}

export interface CalibrationOptions {
  isQuick: boolean
  pinning: Pinning
  /** Other tools too. */
  withPeers: boolean
  onStart?(start: RowStart): void
  onProgress?(progress: LoadProgress): void
  /** Nothing more is tried with a row; its report. Those that stay disturbed come last. */
  onRow(report: RowReport): void
  onPeers(report: PeerReport): void
}

const times = {
  quick: { seconds: 2.5, warmupSeconds: 0.5, budgetSeconds: 28 },
  full: { seconds: 8, warmupSeconds: 1, budgetSeconds: 165 },
} as const

/** To start a generator and to stop it, about. */
const startSeconds = 1.5

/** Noise of the machine is no fault of the instrument: so often is a disturbed row driven again, while time is left. */
const repeats = 2
/**
 * Drives every row, one after the other. The oracle lives as long as this runs.
 * @throws UserError when it was interrupted
 */
export async function calibrate(options: CalibrationOptions, signal: AbortSignal): Promise<Calibration> {
  const { pinning, isQuick } = options
  const oracle = await startOracle(pinning.target)
  try {
    const { onProgress = () => {} } = options
    const bench: Bench = { oracle, cpus: pinning.rest, ...lengths(isQuick), signal, onProgress }
    const reports = await driveRows(options, bench)
    return {
      pinning: pinning.note,
      rows: reports,
      controls: reports.flatMap(({ controls }) => controls),
      peers: options.withPeers ? await comparePeers(bench, options.onPeers) : [],
    }
  } finally {
    await oracle.stop()
  }
}

const lengths = (isQuick: boolean): { seconds: number; warmupSeconds: number } => (isQuick ? times.quick : times.full)

function rowSeconds(isQuick: boolean): number {
  const { seconds, warmupSeconds } = lengths(isQuick)
  return seconds + warmupSeconds + startSeconds
}

/** Driving rows again may not make a calibration longer than was promised. */
class RepeatBudget {
  private readonly startMs = performance.now()
  private readonly isQuick: boolean

  constructor(isQuick: boolean) {
    this.isQuick = isQuick
  }

  /** For one more row. */
  hasTimeForAnother(): boolean {
    const { budgetSeconds } = this.isQuick ? times.quick : times.full
    return (performance.now() - this.startMs) / 1000 + rowSeconds(this.isQuick) <= budgetSeconds
  }
}

/**
 * Every row once; then those that were disturbed again, in rounds, so that what goes on for some seconds is less likely
 * to meet the same row twice. In the order of the table.
 */
async function driveRows({ isQuick, onRow, onStart }: CalibrationOptions, bench: Bench): Promise<RowReport[]> {
  const budget = new RepeatBudget(isQuick)
  const chosen = rows.filter((each) => each.isQuick || !isQuick)
  const tries = new Map<Row, RowReport[]>(chosen.map((row) => [row, []]))
  for (let round = 0; round <= repeats; round++) {
    for (const [at, [row, reports]] of [...tries].entries()) {
      const isOpen = round === 0 || (reports.at(-1)!.verdict === 'disturbed' && budget.hasTimeForAnother())
      if (!isOpen) continue
      const place = { number: at + 1, rows: tries.size, isAgain: round > 0, secondsEach: rowSeconds(isQuick) }
      onStart?.({ name: row.name, ...place })
      reports.push(reportOf(row, await drive(row, bench)))
      if (reports.at(-1)!.verdict !== 'disturbed') onRow(summedUp(reports))
    }
  }
  const all = [...tries.values()].map(summedUp)
  for (const report of all) if (report.verdict === 'disturbed') onRow(report)
  return all
}

/** The last try, with a line for each before it. */
const summedUp = (reports: readonly RowReport[]): RowReport => ({
  ...reports.at(-1)!,
  notes: [
    ...reports.slice(0, -1).map(({ notes }) => `driven again, because ${notes.join('; ')}`),
    ...reports.at(-1)!.notes,
  ],
})

/** Pure. */
export function reportOf(row: Row, seen: Drive): RowReport {
  const { figures, controls, losses, disturbances } = evaluate(row, seen)
  const isOut = losses.length > 0 || figures.some(({ verdict }) => verdict === 'out')
  const verdict = isOut ? 'out' : disturbances.length > 0 ? 'disturbed' : 'in'
  return {
    name: row.name,
    figures,
    controls,
    requests: seen.entries.length,
    verdict,
    notes: [...losses, ...disturbances],
  }
}

/** Nothing out of band, and everything noticed that had to be. */
export const isGood = ({ rows: reports, controls }: Calibration): boolean =>
  reports.every(({ verdict }) => verdict === 'in') && controls.every(({ isDetected }) => isDetected)
