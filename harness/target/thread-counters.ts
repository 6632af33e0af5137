import { readFileSync } from 'node:fs'
import { numericNames, statFields } from './process-tree.ts'

/** Cumulative counters of some processes, summed over their threads. */
export interface ThreadTotals {
  /** Also of threads that ended before anybody saw them. */
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
 * Sums counters over the threads of processes and never runs backwards: what a thread or a process had used when it was
 * last seen stays counted after it has ended.
 *
 * While a process lives no CPU of its threads is lost, however short their lives: the kernel keeps what ended threads used,
 * and tells it to 20 ms a process. Of their waits and switches what came after the last look is lost, and all of a thread
 * that lived between two looks; of a process that has ended, so is its CPU.
 */
export function threadCounters(): (pids: number[]) => ThreadTotals {
  // By pid and start, since pids are used again. Whoever is missed by one look is not counted twice by the next.
  const processes = new Map<string, ProcessCounters>()

  return (pids) => {
    let threads = 0
    for (const pid of new Set(pids)) {
      const whole = readProcessCpu(pid)
      if (!whole) continue
      const name = `${pid} since ${whole.startTime}`
      const counters = processes.get(name) ?? new ProcessCounters()
      processes.set(name, counters)
      // Threads are read after the whole: what they use between the two must not look like that of an ended thread.
      counters.look(whole.cpuNs, readThreads(pid))
      threads += counters.threads
    }
    const ofAll = [...processes.values()].map(({ totals }) => totals)
    const total = (index: 0 | 1 | 2 | 3) => ofAll.reduce((sum, totals) => sum + totals[index], 0)
    return {
      cpuNs: total(0),
      waitNs: total(1),
      voluntarySwitches: total(2),
      involuntarySwitches: total(3),
      threads,
    }
  }
}

/** What is known of one process, from all looks at it. */
class ProcessCounters {
  private alive: ReadonlyMap<number, Counters> = new Map()
  /** Of ended threads, as they were last seen ... */
  private readonly ended: Counters = [0, 0, 0, 0]
  /** ... and CPU that no look at any thread saw. */
  private unseenNs = 0

  get threads(): number {
    return this.alive.size
  }

  get totals(): Counters {
    const [cpuNs, ...others] = this.seen
    return [cpuNs + this.unseenNs, ...others]
  }

  private get seen(): Counters {
    const sum: Counters = [...this.ended]
    for (const counters of this.alive.values()) add(counters, sum)
    return sum
  }

  /** @param wholeNs CPU of all threads that the process ever had, rounded down, from just before the threads were read */
  look(wholeNs: number, threads: ReadonlyMap<number, Counters>): void {
    for (const [thread, last] of this.alive) {
      const now = threads.get(thread)
      // Fewer CPU nanoseconds than before: another thread that got the same number.
      if (!now || now[0] < last[0]) add(last, this.ended)
    }
    this.alive = threads
    // Rounded down it is never more than the truth, and the largest difference so far comes nearest to it. Kept apart, it
    // leaves the nanoseconds of threads that are alive as fine as they are.
    this.unseenNs = Math.max(this.unseenNs, wholeNs - this.seen[0])
  }
}

function add(counters: Counters, sum: Counters): void {
  for (const [index, value] of counters.entries()) sum[index]! += value
}

/** Nanoseconds per clock tick: USER_HZ is 100 on every Linux that Node runs on. */
const nsPerTick = 10_000_000

/** Which process it is, and `utime` and `stime` of all threads that it ever had, each in whole ticks. */
export interface ProcessCpu {
  /** Clock ticks since boot. */
  startTime: number
  cpuNs: number
}

/** @param stat /proc/<pid>/stat, also of a process that only waits to be reaped */
export function parseProcessCpu(stat: string): ProcessCpu {
  const fields = statFields(stat)
  return { startTime: Number(fields[19]), cpuNs: nsPerTick * (Number(fields[11]) + Number(fields[12])) }
}

function readProcessCpu(pid: number): ProcessCpu | null {
  try {
    return parseProcessCpu(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

function readThreads(pid: number): Map<number, Counters> {
  const threads = new Map<number, Counters>()
  for (const thread of numericNames(`/proc/${pid}/task`)) {
    const counters = readThread(`/proc/${pid}/task/${thread}`)
    if (counters) threads.set(thread, counters)
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
