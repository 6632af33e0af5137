import { readFileSync } from 'node:fs'
import { UserError } from './errors.ts'

/** Descriptors that a process needs beside its connections: files, pipes, libraries. */
const reserve = 200

/** Files that a process may have open; Node raises its soft limit to the hard one at start. Infinity where unknown. */
export function openFilesLimit(): number {
  try {
    const line = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    return line?.[1] === undefined || line[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line[1])
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** @throws UserError before anything starts, with the command that raises the limit */
export function assertEnoughDescriptors(connections: number, what: string, limit = openFilesLimit()): void {
  const needed = connections + reserve
  if (needed <= limit) return
  throw new UserError(
    `too few file descriptors: ${what} need ${needed}, this shell allows ${limit}. Raise the limit with: ulimit -n ${needed}   (if that is refused, as root: prlimit --pid $$ --nofile=${needed}:${needed})`,
  )
}
