import { keyOf, type Place } from './place.ts'
import type { Frame, ProfileTree } from './tree.ts'

/** What a function takes of the work of a program, wherever it was called from. Shares are between 0 and 1. */
export interface FunctionShare extends Place {
  line: number | null
  /** Without what it calls; with it, and calls of itself counted once. */
  self: number
  total: number
}

/**
 * All functions of a profile, those that take most by themselves first.
 *
 * @param byLine as the tree was made
 */
export function functionsOf({ root }: ProfileTree, byLine: boolean): FunctionShare[] {
  const found = new Map<string, FunctionShare>()
  const all = root.totalUs || 1
  const visit = (frame: Frame, above: ReadonlySet<string>): void => {
    const key = byLine ? `${keyOf(frame)}\n${frame.line}` : keyOf(frame)
    const { name, file, kind, line } = frame
    const known = found.get(key) ?? { name, file, kind, line, self: 0, total: 0 }
    found.set(key, known)
    known.self += frame.selfUs / all
    if (!above.has(key)) known.total += frame.totalUs / all
    const below = new Set(above).add(key)
    for (const child of frame.children.values()) visit(child, below)
  }
  for (const frame of topOf(root)) visit(frame, new Set())
  return [...found.values()].sort((a, b) => b.self - a.self || b.total - a.total)
}

/** What stands for threads is no function. */
const topOf = (root: Frame): Frame[] =>
  [...root.children.values()].flatMap((frame) => (isThreads(frame) ? [...frame.children.values()] : [frame]))

const isThreads = ({ kind, name }: Frame): boolean =>
  kind === 'engine' && (name === 'main thread' || name === 'worker threads')
