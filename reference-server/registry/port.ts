import type { Eventual } from '../state/port.ts'

/** The map from a session's key to its place. What is in a place, and who may touch it when, is `state`'s business. */
export interface Registry<Place> {
  find(key: string): Eventual<Place | undefined>
  /** The place of a key; the one made by `make` where there was none. */
  placeOf(key: string, make: () => Place): Eventual<Place>
  /** Takes a place away, unless the key has another one by now. */
  remove(key: string, place: Place): Eventual<void>
  readonly size: number
  /** How often a lock round the map was taken. */
  readonly locksTaken: number
}

/** Which kind of registry a gateway has: `<Place>` is for `state` to say. */
export type MakeRegistry = <Place>() => Registry<Place>

/** One way of keeping the map, for one worker and for several. */
export interface RegistryKind {
  local: MakeRegistry
  /** Between threads: how the map in shared memory is guarded. */
  across: 'lock-free' | 'locked'
}
