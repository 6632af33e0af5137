/** What a load did not do that it had to: pure. */
import type { Drive } from './drive.ts'
import { touchedShare, type Waiting } from './excuse.ts'
import { isWhole } from './oracle/log.ts'

/** One line for each kind of loss that nothing excuses. */
export function lossesOf(drive: Drive): string[] {
  const { entries, result, messages } = drive
  const cut = entries.filter((entry) => !isWhole(entry)).length
  const failed = sumOf(drive, 'http_req_failed')
  return [
    ...(result.exitCode === 0
      ? []
      : [`the load ended with code ${result.exitCode}: ${result.endedBecause ?? messages.at(-1) ?? ''}`]),
    ...(entries.length === 0 ? ['no request reached the oracle'] : []),
    ...missingStarts(drive),
    ...(cut > 0 ? [`${cut} answers were cut off before their end`] : []),
    ...(failed > 0 ? [`${failed} requests failed`] : []),
  ]
}

/** Starts that the generator itself says it dropped, since no user was free; usually none. */
export const droppedStarts = (drive: Drive): number => sumOf(drive, 'dropped_iterations')

/** No more were dropped than were due while a process waited, or queued behind those. */
export const explainsDrops = (drive: Drive, waiting: Waiting): boolean =>
  droppedStarts(drive) <= touchedShare(waiting) * (drive.planned ?? 0)

/** A schedule that ends early, or has holes, looks right in every other number. */
function missingStarts(drive: Drive): string[] {
  const { entries, planned } = drive
  if (planned === null) return []
  const came = entries.filter(({ id }) => id >= 0).length
  const expected = planned - droppedStarts(drive)
  return came === expected ? [] : [`${came} requests reached the oracle where the schedule has ${expected}`]
}

const sumOf = ({ result }: Drive, metric: string): number =>
  result.metrics.find((each) => each.metric === metric && each.scenario === undefined && each.phase === undefined)
    ?.sum ?? 0
