import { readdirSync, readFileSync } from 'node:fs'

/** One row of the system's process table, from /proc/<pid>/stat. */
export interface ProcessEntry {
  pid: number
  parent: number
  group: number
  session: number
  /** Clock ticks since boot: together with the pid it names a process for good, since pids are used again. */
  startTime: number
}

/**
 * All processes that are alive; zombies are not, they only wait to be reaped.
 * Empty where there is no /proc (macOS).
 */
export function processTable(): ProcessEntry[] {
  return numericNames('/proc')
    .map(readEntry)
    .filter((entry) => entry !== null)
}

/**
 * What was started as `root` (the leader of its own session) and is still alive: its process group, its session, and
 * all descendants, also those that made a group of their own. A descendant outside of the session whose parent has
 * died cannot be found any more.
 */
export function familyOf(root: number): ProcessEntry[] {
  const family = new Map<number, ProcessEntry>()
  const table = processTable()
  const belongs = (entry: ProcessEntry) =>
    entry.pid === root || entry.session === root || entry.group === root || family.has(entry.parent)
  for (let before = -1; before < family.size; ) {
    before = family.size
    for (const entry of table) if (belongs(entry)) family.set(entry.pid, entry)
  }
  return [...family.values()]
}

/** Whether this very process (not another one with its pid) is still alive. */
export const isAlive = (entry: Pick<ProcessEntry, 'pid' | 'startTime'>): boolean =>
  readEntry(entry.pid)?.startTime === entry.startTime

/** The command line of a process, or `unknown` where it may not be read. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Names in a folder of /proc that are numbers; none where the folder is missing. */
export function numericNames(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Null where there is no such process, and where there is no /proc. */
export function readEntry(pid: number): ProcessEntry | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/**
 * The fields of /proc/<pid>/stat from the third on, which is the state: the command before it, in brackets, may hold spaces
 * and brackets itself.
 */
export const statFields = (text: string): string[] => text.slice(text.lastIndexOf(')') + 2).split(' ')

/** Null of a process that only waits to be reaped. */
export function parseStat(text: string): ProcessEntry | null {
  const fields = statFields(text)
  const state = fields[0]
  if (state === 'Z' || state === 'X') return null
  const field = (index: number) => Number(fields[index])
  return { pid: Number.parseInt(text, 10), parent: field(1), group: field(2), session: field(3), startTime: field(19) }
}
