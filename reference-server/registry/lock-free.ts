import type { Registry, RegistryKind } from './port.ts'

/** A map as it is: one thread owns it, and none of its operations can be interrupted. */
class LockFreeRegistry<Place> implements Registry<Place> {
  readonly locksTaken = 0
  readonly #places = new Map<string, Place>()

  get size(): number {
    return this.#places.size
  }

  find(key: string): Place | undefined {
    return this.#places.get(key)
  }

  placeOf(key: string, make: () => Place): Place {
    const present = this.#places.get(key)
    if (present) return present
    const made = make()
    this.#places.set(key, made)
    return made
  }

  remove(key: string, place: Place): void {
    if (this.#places.get(key) === place) this.#places.delete(key)
  }
}

export const makeLockFree = <Place>(): Registry<Place> => new LockFreeRegistry<Place>()

export const lockFreeRegistry: RegistryKind = { local: makeLockFree, across: 'lock-free' }
