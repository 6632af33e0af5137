import type { FlameData, FlameRow } from '../page/client/flame-data.ts'
import type { FlameFrame } from './flame.ts'

/** So many the page can draw and search without a pause. */
const mostFrames = 4000
/** A thousandth of a wide screen is a pixel or two. */
const smallestShare = 0.0005

interface Placed {
  frame: FlameFrame
  parent: Placed | null
}

/**
 * The largest frames of a flame, as the page's script reads them: a few hundred KB however large the profile is. A frame is
 * at most as large as its parent, so none is without it.
 */
export function flameData(flame: FlameFrame): { data: FlameData; leftOut: number } {
  const all = placed(flame)
  const kept = all
    .map((each, order) => ({ each, order }))
    .filter(({ each }) => isLarge(each.frame))
    .sort((a, b) => b.each.frame.share - a.each.frame.share || a.order - b.order)
    .slice(0, mostFrames)
    .sort((a, b) => a.order - b.order)
    .map(({ each }) => each)
  return { data: packed(kept), leftOut: all.length - kept.length }
}

const isLarge = ({ share }: FlameFrame): boolean => share >= smallestShare

/** Parents before their children. */
function placed(flame: FlameFrame): Placed[] {
  const all: Placed[] = []
  const visit = (frame: FlameFrame, parent: Placed | null): void => {
    const here = { frame, parent }
    all.push(here)
    for (const child of frame.children) visit(child, here)
  }
  visit(flame, null)
  return all
}

function packed(kept: readonly Placed[]): FlameData {
  const functions: FlameData['functions'] = []
  const known = new Map<string, number>()
  const places = new Map<Placed, number>()
  const frames = kept.map((each, at): FlameRow => {
    const { name, file, line, kind, share, self, change } = each.frame
    const key = JSON.stringify([name, file, line])
    const index = known.get(key) ?? functions.push({ name, file, line, kind }) - 1
    known.set(key, index)
    places.set(each, at)
    const parent = each.parent === null ? -1 : places.get(each.parent)!
    return [parent, index, rounded(share), rounded(self), change === null ? null : rounded(change)]
  })
  return { functions, frames }
}

const rounded = (share: number): number => Math.round(share * 1e6) / 1e6
