/** A typing error or two, but no other word. */
const mostEdits = 2

/**
 * The name that was probably meant: the one fewest edits away, where these are at most two and fewer than half of the
 * name; undefined where there is none.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, edits: edits(name, candidate) }))
    .filter(({ candidate, edits }) => edits <= mostEdits && edits * 2 < candidate.length)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.candidate
}

/** Insertions, deletions, replacements and swaps of neighbours (Damerau's distance, optimal string alignment). */
function edits(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swapped = isSwap ? beforeLast[column - 2]! + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(last[column]! + 1, current[column - 1]! + 1, replaced, swapped))
    }
    beforeLast = last
    last = current
  }
  return last[b.length]!
}
