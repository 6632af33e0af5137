import { readFileSync } from 'node:fs'
import { familyOf } from '../../harness/target/process-tree.ts'
import { parseProcessCpu } from '../../harness/target/thread-counters.ts'

/** User and system time so far of one process, all its threads. */
export const cpuUsOf = (pid: number): number => parseProcessCpu(readFileSync(`/proc/${pid}/stat`, 'utf8')).cpuNs / 1000

/** The same of a process and its descendants that are alive. */
export const cpuUsOfFamily = (root: number): number => familyOf(root).reduce((sum, { pid }) => sum + cpuUsOf(pid), 0)

/** Resident memory of one process, in thousands of bytes (/proc counts in 1024). */
export const rssKBOf = (pid: number): number =>
  1.024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN)

/** The same of a process and its descendants; pages that they share count in each. */
export const rssKBOfFamily = (root: number): number => familyOf(root).reduce((sum, { pid }) => sum + rssKBOf(pid), 0)
