import type { CpuNode, CpuProfile } from './cpu-profile.ts'
import { keyOf, type Place, placeOf } from './place.ts'

/** Where the threads of a program spent their time, function by function as they called one another. */
export interface ProfileTree {
  root: Frame
  /** Samples in which a thread had something to do. */
  samples: number
  /** Microseconds in which threads had nothing to do, all together. */
  idleUs: number
}

/** A function as it was called from those above it. */
export interface Frame extends Place {
  /** 1-based, of where the function begins; null where there is no source. */
  line: number | null
  /** Microseconds in the function itself, without what it called; with it. */
  selfUs: number
  totalUs: number
  /** By name, file and, where lines count, line. */
  children: Map<string, Frame>
}

/** The profile of one thread of a program. */
export interface ThreadProfile {
  thread: 'main' | 'worker'
  profile: CpuProfile
}

interface TreeSetting {
  /** Absolute path of the folder that the program was started in. */
  root: string
  /** Whether functions of the same name in one file are told apart by their lines: not where two versions are compared. */
  byLine: boolean
}

const idle = '(idle)'

/**
 * Puts the profiles of all threads together. A sample counts for the time until the next one. What a thread waited is left
 * out, so that shares are those of its work.
 */
export function treeOf(threads: readonly ThreadProfile[], setting: TreeSetting): ProfileTree {
  const root = group('all')
  const hasWorkers = threads.some(({ thread }) => thread === 'worker')
  let [samples, idleUs] = [0, 0]
  for (const { thread, profile } of threads) {
    const top = hasWorkers ? childOf(root, group(thread === 'main' ? 'main thread' : 'worker threads'), '') : root
    const times = timesOf(profile)
    const byId = new Map(profile.nodes.map((node) => [node.id, node]))
    const isIdle = (id: number) => byId.get(id)?.callFrame.functionName === idle
    samples += profile.samples.filter((id) => !isIdle(id)).length
    for (const [id, us] of times) if (isIdle(id)) idleUs += us
    const first = profile.nodes[0]
    if (first) addChildren(first, top, { byId, times, ...setting })
  }
  sumUp(root)
  return { root, samples, idleUs }
}

const group = (name: string): Frame => ({
  name,
  file: '',
  kind: 'engine',
  line: null,
  selfUs: 0,
  totalUs: 0,
  children: new Map(),
})

/** So many times the usual gap between samples is the longest that one counts for: in a longer one something else had the CPU. */
const longestGap = 4

/** Microseconds by node. */
function timesOf({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const times = new Map<number, number>()
  const usual = timeDeltas.toSorted((a, b) => a - b)[Math.floor(timeDeltas.length / 2)] ?? 0
  for (const [at, id] of samples.entries()) {
    // Clocks of two cores may differ by a little.
    const us = Math.min(longestGap * usual, Math.max(0, timeDeltas[at + 1] ?? usual))
    times.set(id, (times.get(id) ?? 0) + us)
  }
  return times
}

interface Adding extends TreeSetting {
  byId: ReadonlyMap<number, CpuNode>
  times: ReadonlyMap<number, number>
}

function addChildren(node: CpuNode, to: Frame, adding: Adding): void {
  for (const id of node.children ?? []) {
    const child = adding.byId.get(id)
    if (!child || child.callFrame.functionName === idle) continue
    const { lineNumber } = child.callFrame
    const line = lineNumber < 0 || child.callFrame.url === '' ? null : lineNumber + 1
    const made = { ...group(''), ...placeOf(child.callFrame, adding.root), line }
    const frame = childOf(to, made, adding.byLine ? String(line) : '')
    frame.selfUs += adding.times.get(id) ?? 0
    addChildren(child, frame, adding)
  }
}

/** The child of that name, which is `made` where there is none yet. */
function childOf(parent: Frame, made: Frame, line: string): Frame {
  const key = `${keyOf(made)}\n${line}`
  const known = parent.children.get(key)
  if (known) return known
  parent.children.set(key, made)
  return made
}

function sumUp(frame: Frame): number {
  frame.totalUs = frame.selfUs
  for (const child of frame.children.values()) frame.totalUs += sumUp(child)
  return frame.totalUs
}

/** Whether there is nothing in it. */
export const isEmpty = ({ root }: ProfileTree): boolean => root.totalUs === 0
