import type { StateKind } from './kind.ts'
import { LocalStates, type Place } from './local.ts'

/** Immutable states: a read loads one reference, a write swaps it. With one thread neither can be interrupted. */
class SnapshotStates extends LocalStates<Place> {
  protected override makePlace(): Place {
    return { state: undefined, isRemoved: false }
  }

  protected override guarded<T>(place: Place, operation: (place: Place) => T): T {
    return operation(place)
  }
}

export const snapshotKind: StateKind = {
  local: (registry) => new SnapshotStates(registry<Place>()),
  across: 'lock-free',
}
