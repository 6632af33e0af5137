import { AsyncMutex } from '../state/async-mutex.ts'
import { makeLockFree } from './lock-free.ts'
import type { Registry, RegistryKind } from './port.ts'

/** One lock round the whole map: whoever looks up one session waits for all who look up others. */
class LockedRegistry<Place> implements Registry<Place> {
  readonly #mutex = new AsyncMutex()
  readonly #places = makeLockFree<Place>()

  get size(): number {
    return this.#places.size
  }

  get locksTaken(): number {
    return this.#mutex.taken
  }

  find(key: string): Promise<Place | undefined> {
    return this.#mutex.run(() => this.#places.find(key) as Place | undefined)
  }

  placeOf(key: string, make: () => Place): Promise<Place> {
    return this.#mutex.run(() => this.#places.placeOf(key, make) as Place)
  }

  remove(key: string, place: Place): Promise<void> {
    return this.#mutex.run(() => this.#places.remove(key, place) as undefined)
  }
}

const makeLocked = <Place>(): Registry<Place> => new LockedRegistry<Place>()

export const lockedRegistry: RegistryKind = { local: makeLocked, across: 'locked' }
