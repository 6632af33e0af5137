/** The story of a calibration: rows against an oracle, then what has to be noticed. */
import type { Pinning } from '../record/schema.ts'
import type { Figure } from './bands.ts'
import { type Bench, type Drive, drive } from './drive.ts'
import { blockedControls, type Control, evaluate } from './evaluate.ts'
import { startOracle } from './oracle/handle.ts'
import { comparePeers, type PeerReport } from './peers/compare.ts'
import { blockedRow, type Row, rows } from './rows.ts'

/** in: everything judged is in band. disturbed: the generator was late or kept waiting each time, so nothing can be said. */
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

export interface CalibrationOptions {
  isQuick: boolean
  pinning: Pinning
  /** Other tools too. */
  withPeers: boolean
  /** A row is done; its report. */
  onRow(report: RowReport): void
  onPeers(report: PeerReport): void
}

const times = {
  quick: { seconds: 2.5, warmupSeconds: 0.5, budgetSeconds: 28 },
  full: { seconds: 8, warmupSeconds: 1, budgetSeconds: 170 },
} as const

/** To start a generator and to stop it, about. */
const startSeconds = 1.5

/** Noise of the machine is no fault of the instrument: so often is a disturbed row driven again, while time is left. */
const repeats = 2
/** Who waited longer for a CPU was disturbed. */
const cpuWaitLimit = 0.005

/**
 * Drives every row, one after the other. The oracle lives as long as this runs.
 * @throws UserError when it was interrupted
 */
export async function calibrate(options: CalibrationOptions, signal: AbortSignal): Promise<Calibration> {
  const { pinning, isQuick } = options
  const oracle = await startOracle(pinning.target)
  try {
    const bench: Bench = { oracle, cpus: pinning.rest, ...lengths(isQuick), signal }
    const budget = new RepeatBudget(isQuick)
    const chosen = rows.filter((each) => each.isQuick || !isQuick)
    const reports: RowReport[] = []
    for (const [index, row] of chosen.entries()) {
      // The blocked one comes after them.
      const report = await driveRow(row, bench, () => budget.allows(chosen.length - index))
      reports.push(report)
      options.onRow(report)
    }
    const blocked = blockedControls(await drive(blockedRow, bench))
    return {
      pinning: pinning.note,
      rows: reports,
      controls: [...reports.flatMap(({ controls }) => controls), ...blocked],
      peers: options.withPeers ? await comparePeers(bench, options.onPeers) : [],
    }
  } finally {
    await oracle.stop()
  }
}

const lengths = (isQuick: boolean): { seconds: number; warmupSeconds: number } => (isQuick ? times.quick : times.full)

/** Driving rows again may not make a calibration longer than was promised. */
class RepeatBudget {
  private readonly startMs = performance.now()
  private readonly isQuick: boolean

  constructor(isQuick: boolean) {
    this.isQuick = isQuick
  }

  /** @param rowsLeft still to be driven for the first time */
  allows(rowsLeft: number): boolean {
    const { seconds, warmupSeconds, budgetSeconds } = this.isQuick ? times.quick : times.full
    const rowSeconds = seconds + warmupSeconds + startSeconds
    return (performance.now() - this.startMs) / 1000 + (rowsLeft + 1) * rowSeconds <= budgetSeconds
  }
}

async function driveRow(row: Row, bench: Bench, hasTime: () => boolean): Promise<RowReport> {
  const notes: string[] = []
  for (let attempt = 0; ; attempt++) {
    const report = reportOf(row, await drive(row, bench))
    if (report.verdict !== 'disturbed' || attempt === repeats || !hasTime())
      return { ...report, notes: [...notes, ...report.notes] }
    notes.push(`driven again, because ${report.notes.join('; ')}`)
  }
}

/** Pure. */
export function reportOf(row: Row, seen: Drive): RowReport {
  const { figures, controls, losses } = evaluate(row, seen)
  const isOut = losses.length > 0 || figures.some(({ verdict }) => verdict === 'out')
  const disturbances = [...seen.faults, ...(isOut ? waitsOf(seen) : [])]
  const verdict = disturbances.length > 0 ? 'disturbed' : isOut ? 'out' : 'in'
  return {
    name: row.name,
    figures,
    controls,
    requests: seen.entries.length,
    verdict,
    notes: [...losses, ...disturbances],
  }
}

function waitsOf({ cpuWait }: Drive): string[] {
  return (['generator', 'oracle'] as const)
    .filter((who) => cpuWait[who] > cpuWaitLimit)
    .map((who) => `the ${who} waited ${(100 * cpuWait[who]).toFixed(1)}% of the time for a CPU that ran others`)
}

/** Nothing out of band, and everything noticed that had to be. */
export const isGood = ({ rows: reports, controls }: Calibration): boolean =>
  reports.every(({ verdict }) => verdict === 'in') && controls.every(({ isDetected }) => isDetected)
