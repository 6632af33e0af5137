/** The variants that a reader chose, A first: none, one or two. */
export type ChosenPair = readonly string[]

/** A click on a variant: one that was chosen goes, another takes the free place, or that of B. */
export function afterClick(chosen: ChosenPair, name: string): ChosenPair {
  if (chosen.includes(name)) return chosen.filter((each) => each !== name)
  return [...chosen.slice(0, 1), name]
}

/** As the end of the page's address, so that a comparison can be sent to somebody: `#compare=optimized&with=polling`. */
export const fragmentOf = ([a, b]: ChosenPair): string =>
  a === undefined ? '' : `#compare=${encodeURIComponent(a)}${b === undefined ? '' : `&with=${encodeURIComponent(b)}`}`

/** What `fragmentOf` wrote; null of any other fragment, or where it names what the page has not. */
export function pairOfFragment(fragment: string, names: readonly string[]): ChosenPair | null {
  if (!fragment.startsWith('#compare=')) return null
  const asked = new URLSearchParams(fragment.slice(1))
  const [a, b] = [asked.get('compare') ?? '', asked.get('with')]
  if (!names.includes(a) || a === b) return null
  return b === null ? [a] : names.includes(b) ? [a, b] : null
}
