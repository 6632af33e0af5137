import { readFileSync } from 'node:fs'

/**
 * How long the main thread of a process has waited, ready to run, for a CPU, ms since its start.
 * NaN where the kernel does not tell.
 */
export function cpuWaitMs(pid: number | 'self'): number {
  try {
    // "nanoseconds on CPU, nanoseconds waiting, times run"
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return Number.NaN
  }
}
