import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import type { Pinning } from '../record/schema.ts'
import { isInstalled } from './executables.ts'

/** What a decision about pinning rests on. */
export interface CpuFacts {
  /** CPUs that this process may use, ascending; null where that cannot be read. */
  allowed: number[] | null
  /** The CPUs that share a core with this one (hyper-threads), itself included. */
  siblingsOf(cpu: number): number[]
  taskset: boolean
}

/**
 * Who runs where: the target gets the last CPUs to itself, everything else (generator, services, harness) the others.
 * A hyper-thread on one of the target's cores is left idle where another CPU remains.
 * @param cores that the target is to have; where the machine has no more than that, it gets all but one
 */
export function decidePinning({ allowed, siblingsOf, taskset }: CpuFacts, cores = 1): Pinning {
  if (!allowed) return unpinned('this system does not tell which CPUs may be used')
  if (allowed.length < 2) return unpinned('there is only one CPU, which target and generator share')
  if (!taskset) return unpinned('taskset is not installed (Debian: util-linux), so target and generator share all CPUs')
  const target = allowed.slice(-Math.min(cores, allowed.length - 1))
  const others = allowed.filter((cpu) => !target.includes(cpu))
  const siblings = target.flatMap(siblingsOf)
  const apart = others.filter((cpu) => !siblings.includes(cpu))
  const rest = apart.length > 0 ? apart : others
  return { target: formatCpuList(target), rest: formatCpuList(rest), note: noteOn(target.length, apart.length > 0) }
}

function noteOn(cpus: number, isApart: boolean): string {
  if (cpus === 1 && isApart) return 'the target runs on a core of its own'
  const own = cpus === 1 ? 'a CPU of its own' : `${cpus} CPUs of its own`
  return `the target runs on ${own}${isApart ? '' : ', but shares a core with the generator (hyper-threads of one core)'}`
}

/** The same for tasks that are measured without a target: a CPU for each of their threads, as far as there are so many. */
export function decideTaskPinning(facts: CpuFacts, threads: number): Pinning {
  const { allowed, taskset } = facts
  if (!allowed || !taskset || threads < allowed.length)
    return { ...decidePinning(facts, threads), note: `tasks are measured apart from weir, where that is possible` }
  const all = formatCpuList(allowed)
  return { target: all, rest: all, note: `${threads} threads share ${allowed.length} CPUs with weir itself` }
}

/** The decision for this machine. */
export const pinning = (): Pinning => decidePinning(readCpuFacts())

/** How many CPUs a pinned target has; null where it is not pinned. */
export const cpuCount = ({ target }: Pinning): number | null => (target === null ? null : parseCpuList(target).length)

/** Moves this process, all its threads, off the target's CPU. Where that is refused it stays where it is. */
export async function stayOff({ rest }: Pinning): Promise<void> {
  if (rest !== null) await execa('taskset', ['-a', '-p', '-c', rest, String(process.pid)], { reject: false })
}

/** CPUs that this process was allowed at first: `stayOff` takes some away, and a second campaign is to find them all. */
let allowedAtFirst: number[] | null = null

export function readCpuFacts(): CpuFacts {
  allowedAtFirst ??= readAllowedCpus()
  const siblingsOf = (cpu: number) =>
    parseCpuList(readOrEmpty(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`))
  return { allowed: allowedAtFirst, siblingsOf, taskset: isInstalled('taskset') }
}

function readAllowedCpus(): number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOrEmpty('/proc/self/status'))?.[1]
  return list ? parseCpuList(list) : null
}

/** `0-2,8` -> [0, 1, 2, 8] */
export function parseCpuList(list: string): number[] {
  const ranges = list.trim().split(',').filter(Boolean)
  return ranges.flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

/** [0, 1, 2, 8] -> `0-2,8` */
export function formatCpuList(cpus: number[]): string {
  const ranges: [first: number, last: number][] = []
  for (const cpu of cpus) {
    const open = ranges.at(-1)
    if (open && open[1] === cpu - 1) open[1] = cpu
    else ranges.push([cpu, cpu])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

const unpinned = (why: string): Pinning => ({ target: null, rest: null, note: `nothing is pinned: ${why}` })

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
