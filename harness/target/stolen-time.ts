import { readFileSync } from 'node:fs'

/** Of `/proc/stat`, whatever the kernel's own clock: USER_HZ. */
const tickMs = 10
/** `cpu1 user nice system idle iowait irq softirq steal ...` */
const stealField = 8

/**
 * Time since the machine's start that its host gave to others while these CPUs had something to run, ms a CPU; known in
 * steps of 10 ms. 0 where there is no host, or it does not tell.
 */
export function stolenMs(cpus: readonly number[], stat = readStat()): number {
  const ticks = cpus.map((cpu) => stolenTicks(stat, cpu))
  return (tickMs * ticks.reduce((sum, each) => sum + each, 0)) / Math.max(1, cpus.length)
}

function stolenTicks(stat: string, cpu: number): number {
  const start = stat.indexOf(`\ncpu${cpu} `)
  if (start < 0) return 0
  return Number(stat.slice(start + 1, stat.indexOf('\n', start + 1)).split(' ')[stealField] ?? 0)
}

function readStat(): string {
  try {
    return readFileSync('/proc/stat', 'utf8')
  } catch {
    return ''
  }
}
