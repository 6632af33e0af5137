/** Of an array of numbers: null and false stand for what is not one. */
export type Member = number | null | false

/**
 * Gives arrays that are alike one place. By a number that is worked out of their members, and by all of them where that is the
 * same: the texts of a large run's columns would take more memory than the columns.
 */
export class DistinctArrays<Place> {
  readonly #known = new Map<number, { array: readonly Member[]; place: Place }[]>()

  /** @param make gives a new one its place */
  placeOf(array: readonly Member[], make: () => Place): Place {
    const hash = hashOf(array)
    const alike = this.#known.get(hash) ?? []
    const known = alike.find((each) => areAlike(each.array, array))
    if (known) return known.place
    const place = make()
    this.#known.set(hash, [...alike, { array, place }])
    return place
  }
}

/** The same of arrays that are alike, and hardly ever of others. */
function hashOf(array: readonly Member[]): number {
  let hash = array.length
  for (const each of array) hash = (hash * 31 + (typeof each === 'number' ? each : each === null ? 0.1 : 0.2)) % 1e12
  return hash
}

const areAlike = (one: readonly Member[], other: readonly Member[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at])
