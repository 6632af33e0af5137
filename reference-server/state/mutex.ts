import { AsyncMutex } from './async-mutex.ts'
import type { StateKind } from './kind.ts'
import { LocalStates, type Place } from './local.ts'

interface GuardedPlace extends Place {
  mutex: AsyncMutex
}

/**
 * Every read and every write of a session's state takes that session's mutex, for that one operation and never across
 * another await. The map itself has no lock: what a lock round the registry costs is another question.
 */
class MutexStates extends LocalStates<GuardedPlace> {
  protected override makePlace(): GuardedPlace {
    return { state: undefined, isRemoved: false, mutex: new AsyncMutex() }
  }

  protected override guarded<T>(place: GuardedPlace, operation: (place: GuardedPlace) => T): Promise<T> {
    this.locksTaken += 1
    return place.mutex.run(() => operation(place))
  }
}

export const mutexKind: StateKind = {
  local: (registry) => new MutexStates(registry<GuardedPlace>()),
  across: 'locked',
}
