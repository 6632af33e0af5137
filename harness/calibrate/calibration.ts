/** The story of a calibration: rows against an oracle, then what has to be noticed. */
import type { Pinning } from '../record/schema.ts'
import type { Figure } from './bands.ts'
import { type Bench, type Drive, drive } from './drive.ts'
import { blockedControls, type Control, evaluate } from './evaluate.ts'
import { startOracle } from './oracle/handle.ts'
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
}

export interface CalibrationOptions {
  isQuick: boolean
  pinning: Pinning
  /** A row is done; its report. */
  onRow(report: RowReport): void
}

const times = {
  quick: { seconds: 2.5, warmupSeconds: 0.5, budgetSeconds: 28 },
  full: { seconds: 8, warmupSeconds: 1, budgetSeconds: 170 },
} as const

/** Noise of the machine is no fault of the instrument: so often is a disturbed row driven again. */
const repeats = 2
/** Who waited longer for a CPU was disturbed. */
const cpuWaitLimit = 0.005

/** Drives every row, one after the other. The oracle lives as long as this runs. */
export async function calibrate(options: CalibrationOptions, signal: AbortSignal): Promise<Calibration> {
  const { pinning, isQuick } = options
  const oracle = await startOracle(pinning.target)
  try {
    const bench: Bench = { oracle, cpus: pinning.rest, ...times[isQuick ? 'quick' : 'full'], signal }
    const reports: RowReport[] = []
    for (const row of rows.filter((each) => each.isQuick || !isQuick)) {
      const report = await driveRow(row, bench)
      reports.push(report)
      options.onRow(report)
    }
    const blocked = blockedControls(await drive(blockedRow, bench))
    return {
      pinning: pinning.note,
      rows: reports,
      controls: [...reports.flatMap(({ controls }) => controls), ...blocked],
    }
  } finally {
    await oracle.stop()
  }
}

async function driveRow(row: Row, bench: Bench): Promise<RowReport> {
  const notes: string[] = []
  for (let attempt = 0; ; attempt++) {
    const seen = await drive(row, bench)
    const report = reportOf(row, seen)
    if (report.verdict !== 'disturbed' || attempt === repeats || bench.signal.aborted)
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
