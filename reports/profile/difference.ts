import { type FunctionShare, functionsOf } from './functions.ts'
import { keyOf, type Place } from './place.ts'
import type { ProfileTree } from './tree.ts'

/** A share of the work before and after; between 0 and 1. */
export interface Sides {
  before: number
  after: number
}

/** What became of a function's share from one program to the other. */
export interface FunctionChange extends Place {
  /** In the program of after, else of before. */
  line: number | null
  self: Sides
  total: Sides
}

/**
 * Every function of two programs, those whose own share changed most first. Functions are the same by name and file, not
 * by line. Both trees must be made so.
 */
export function changesOf(before: ProfileTree, after: ProfileTree): FunctionChange[] {
  const [old, now] = [before, after].map(
    (tree) => new Map(functionsOf(tree, false).map((each) => [keyOf(each), each] as const)),
  ) as [Map<string, FunctionShare>, Map<string, FunctionShare>]
  const changes = [...new Set([...old.keys(), ...now.keys()])].map((key): FunctionChange => {
    const [one, other] = [old.get(key), now.get(key)]
    const { name, file, kind, line } = (other ?? one)!
    const sides = (of: 'self' | 'total'): Sides => ({ before: one?.[of] ?? 0, after: other?.[of] ?? 0 })
    return { name, file, kind, line, self: sides('self'), total: sides('total') }
  })
  return changes.sort((a, b) => Math.abs(growth(b.self)) - Math.abs(growth(a.self)))
}

/** What was added to a share: 0.05 is five points. */
export const growth = ({ before, after }: Sides): number => after - before

/** The functions whose own share grew most, the largest growth first. */
export const grownMost = (changes: readonly FunctionChange[], count: number): FunctionChange[] =>
  changes
    .filter(({ self }) => growth(self) > 0)
    .sort((a, b) => growth(b.self) - growth(a.self))
    .slice(0, count)
