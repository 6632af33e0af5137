import { readFileSync } from 'node:fs'
import { numericNames } from './process-tree.ts'

/** Cumulative counters of all threads of some processes. */
export interface ThreadTotals {
  cpuNs: number
  /** Ready to run, but the CPU was given to somebody else. */
  waitNs: number
  voluntarySwitches: number
  involuntarySwitches: number
  /** Alive now. */
  threads: number
}

type Counters = [cpuNs: number, waitNs: number, voluntarySwitches: number, involuntarySwitches: number]

/**
 * Sums counters over threads and never runs backwards: what a thread had used when it was last seen stays counted after
 * it has ended. What it used between then and its end is lost, and so is all of a thread that lived between two looks.
 */
export function threadCounters(): (pids: number[]) => ThreadTotals {
  const alive = new Map<number, Counters>()
  const ended: Counters = [0, 0, 0, 0]
  const end = (counters: Counters) => {
    for (const [index, value] of counters.entries()) ended[index]! += value
  }

  return (pids) => {
    const seen = readThreads(pids)
    for (const [thread, last] of alive) {
      const now = seen.get(thread)
      // Fewer CPU nanoseconds than before: another thread that got the same number.
      if (!now || now[0] < last[0]) end(last)
    }
    alive.clear()
    for (const [thread, counters] of seen) alive.set(thread, counters)
    const total = (index: 0 | 1 | 2 | 3) =>
      [...alive.values()].reduce((sum, counters) => sum + counters[index], ended[index])
    return {
      cpuNs: total(0),
      waitNs: total(1),
      voluntarySwitches: total(2),
      involuntarySwitches: total(3),
      threads: alive.size,
    }
  }
}

function readThreads(pids: number[]): Map<number, Counters> {
  const threads = new Map<number, Counters>()
  for (const pid of pids) {
    for (const thread of numericNames(`/proc/${pid}/task`)) {
      const counters = readThread(`/proc/${pid}/task/${thread}`)
      if (counters) threads.set(thread, counters)
    }
  }
  return threads
}

/** `schedstat` is "nanoseconds on CPU, nanoseconds waiting, times run"; ticks of 10 ms (`stat`) would be too coarse. */
function readThread(folder: string): Counters | null {
  try {
    const [cpuNs = 0, waitNs = 0] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ').map(Number)
    const status = readFileSync(`${folder}/status`, 'utf8')
    return [
      cpuNs,
      waitNs,
      statusField(status, 'voluntary_ctxt_switches'),
      statusField(status, 'nonvoluntary_ctxt_switches'),
    ]
  } catch {
    return null
  }
}

/** The number in a line `Name:   123 kB` of a /proc status file; 0 where there is no such line. */
export const statusField = (status: string, name: string): number => Number.parseInt(statusText(status, name), 10) || 0

/** What stands behind `Name:` in a /proc status file; empty where there is no such line. */
export function statusText(status: string, name: string): string {
  const start = status.indexOf(`\n${name}:`)
  return start < 0 ? '' : status.slice(start + name.length + 2, status.indexOf('\n', start + 1)).trim()
}
