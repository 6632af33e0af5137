import type { Place } from './place.ts'
import type { Frame, ProfileTree } from './tree.ts'

/** What a flame is drawn from. A child lies below its parent, and has a part of its width. */
export interface FlameFrame extends Place {
  line: number | null
  /** Its width: share of all, between 0 and 1. Of two profiles the mean of both shares, so that what went away is seen too. */
  share: number
  self: number
  /** Share after less share before; null of a single profile. */
  change: number | null
  children: FlameFrame[]
}

/** Of one profile. */
export const flameOf = ({ root }: ProfileTree): FlameFrame => merged(null, root, root.totalUs || 1, root.totalUs || 1)

/** Of two: everything that is in either. */
export const differentialFlame = (before: ProfileTree, after: ProfileTree): FlameFrame =>
  merged(before.root, after.root, before.root.totalUs || 1, after.root.totalUs || 1, true)

function merged(
  before: Frame | null,
  after: Frame | null,
  allBefore: number,
  allAfter: number,
  isDifference = false,
): FlameFrame {
  const { name, file, kind, line } = (after ?? before)!
  const mean = (of: 'selfUs' | 'totalUs'): number => {
    const now = (after?.[of] ?? 0) / allAfter
    return isDifference ? ((before?.[of] ?? 0) / allBefore + now) / 2 : now
  }
  const keys = new Set([...(after?.children.keys() ?? []), ...(before?.children.keys() ?? [])])
  const children = [...keys].map((key) =>
    merged(before?.children.get(key) ?? null, after?.children.get(key) ?? null, allBefore, allAfter, isDifference),
  )
  return {
    name,
    file,
    kind,
    line,
    share: mean('totalUs'),
    self: mean('selfUs'),
    change: isDifference ? (after?.totalUs ?? 0) / allAfter - (before?.totalUs ?? 0) / allBefore : null,
    children: children.sort((a, b) => b.share - a.share),
  }
}
