import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { monotonicNow } from '../clock.ts'
import { parseCpuList } from './pinning.ts'
import type { OutsideSample } from './port.ts'
import { numericNames } from './process-tree.ts'
import { stolenMs } from './stolen-time.ts'
import { statusField, statusText, threadCounters } from './thread-counters.ts'

export interface OutsideObserver {
  /** Looks now, beside the regular looks: for the bounds of a phase. Null when the process is gone. */
  sampleNow(): OutsideSample | null
  /** All looks so far, in order of time. */
  soFar(): readonly OutsideSample[]
  /** Ends the looks and gives them all, in order of time. */
  stop(): OutsideSample[]
  /** Why there is nothing to see on this machine, else null. */
  note: string | null
}

/** Counting 10,000 descriptors takes milliseconds on older kernels. */
const descriptorsEveryMs = 1000

/**
 * Looks at a process and its descendants from outside, at once and then every `everyMs`, through /proc. Works for any
 * program, not only Node. The looks end by themselves with the process, and keep nothing alive.
 */
export function observeOutside(pid: number, everyMs: number): OutsideObserver {
  if (!existsSync('/proc/self/schedstat')) return nothingToSee
  const samples: OutsideSample[] = []
  const look = lookAt(pid)
  const sampleNow = () => {
    const sample = look()
    if (sample) samples.push(sample)
    else clearInterval(timer)
    return sample
  }
  const timer = setInterval(sampleNow, everyMs)
  timer.unref()
  sampleNow()
  const stop = () => {
    clearInterval(timer)
    return samples
  }
  return { sampleNow, soFar: () => samples, stop, note: null }
}

const nothingToSee: OutsideObserver = {
  sampleNow: () => null,
  soFar: () => [],
  stop: () => [],
  note: 'memory, CPU and context switches of the target are read from /proc, which this system does not have: they are absent',
}

function lookAt(root: number): () => OutsideSample | null {
  const countThreads = threadCounters()
  const countDescriptors = rarely(descriptorsEveryMs, (pids: number[]) => sum(pids, descriptorsOf))
  return () => {
    const pids = withDescendants(root)
    const statuses = pids.map(readStatus).filter((status) => statusField(status, 'VmRSS') > 0)
    if (statuses.length === 0) return null
    const { cpuNs, waitNs, ...counters } = countThreads(pids)
    return {
      atMs: monotonicNow(),
      rssBytes: 1024 * sum(statuses, (status) => statusField(status, 'VmRSS')),
      peakRssBytes: 1024 * sum(statuses, (status) => statusField(status, 'VmHWM')),
      cpuMs: cpuNs / 1e6,
      waitMs: waitNs / 1e6,
      stolenMs: stolenMs(parseCpuList(statusText(statuses[0]!, 'Cpus_allowed_list'))),
      descriptors: countDescriptors(pids),
      ...counters,
    }
  }
}

/** The process and what it forked, by the kernel's lists of children (where it keeps them: CONFIG_PROC_CHILDREN). */
function withDescendants(pid: number): number[] {
  const children = numericNames(`/proc/${pid}/task`).flatMap((thread) =>
    readOrEmpty(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(withDescendants)]
}

/** Since Linux 6.2 the folder's size is the number of descriptors; before, they must be listed. 0 where that is forbidden. */
function descriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  try {
    return statSync(folder).size || readdirSync(folder).length
  } catch {
    return 0
  }
}

const readStatus = (pid: number): string => readOrEmpty(`/proc/${pid}/status`)

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Gives the last answer again until it is `everyMs` old. */
function rarely<Question>(everyMs: number, ask: (question: Question) => number): (question: Question) => number {
  let answer = 0
  let dueMs = Number.NEGATIVE_INFINITY
  return (question) => {
    if (monotonicNow() >= dueMs) {
      dueMs = monotonicNow() + everyMs
      answer = ask(question)
    }
    return answer
  }
}

const sum = <Item>(items: Item[], measure: (item: Item) => number): number =>
  items.reduce((total, item) => total + measure(item), 0)
