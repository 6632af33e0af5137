import { readFileSync } from 'node:fs'
import { familyOf } from '../../harness/target/process-tree.ts'

/** Microseconds per clock tick: USER_HZ is 100 on every Linux that Node runs on. */
const usPerTick = 10_000

/** User and system time so far of one process, all its threads. */
export const cpuUsOf = (pid: number): number => usPerTick * ticksOf(pid)

/** The same of a process and its descendants that are alive. */
export const cpuUsOfFamily = (root: number): number => familyOf(root).reduce((sum, { pid }) => sum + cpuUsOf(pid), 0)

/** Fields 14 and 15 of /proc/<pid>/stat; what stands before the last bracket is a name with anything in it. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Resident memory of one process, in thousands of bytes (/proc counts in 1024). */
export const rssKBOf = (pid: number): number =>
  1.024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN)

/** The same of a process and its descendants; pages that they share count in each. */
export const rssKBOfFamily = (root: number): number => familyOf(root).reduce((sum, { pid }) => sum + rssKBOf(pid), 0)
