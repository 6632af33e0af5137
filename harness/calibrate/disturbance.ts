/** What kept generator or oracle from their work during a load: pure. */
import type { Drive } from './drive.ts'
import type { Waiting } from './excuse.ts'
import type { Row } from './rows.ts'

/** Who waited for a CPU for a smaller share of the time was not disturbed. */
const cpuWaitLimit = 0.005

const processes = ['generator', 'oracle'] as const

/** What the generator's own watch objects to, but for what was asked of it. */
export const objectionsTo = ({ spin }: Row, { faults }: Drive): string[] =>
  faults.filter((fault) => spin === undefined || !isLate(fault))

export const isLate = (fault: string): boolean => fault.includes('the generator was late')

/** One line for each process that waited for a CPU. */
export const waitsOf = ({ cpuWait }: Drive): string[] =>
  processes
    .filter((who) => cpuWait[who] > cpuWaitLimit)
    .map((who) => `the ${who} waited ${(100 * cpuWait[who]).toFixed(1)}% of the time for a CPU that ran others`)

/** A generator that objects was held up by something else than others: for so much of the time, as far as is known. */
const objectionShare = 0.05

/** How much of the load's time was lost; null where nothing is to be excused. */
export function waitingOf(row: Row, drive: Drive): Waiting | null {
  const { cpuWait, result } = drive
  const durationMs = result.endMs - result.startMs
  const waited = processes.map((who) => cpuWait[who]).filter((share) => share > cpuWaitLimit)
  const share = waited.reduce((sum, each) => sum + each, 0)
  if (objectionsTo(row, drive).length > 0) return { totalMs: durationMs, share: Math.max(share, objectionShare) }
  return waited.length === 0 ? null : { totalMs: share * durationMs, share }
}
