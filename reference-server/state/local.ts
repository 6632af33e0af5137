import type { Registry } from '../registry/port.ts'
import {
  type AddedSession,
  afterTurn,
  type CompletedTurn,
  type Eventual,
  isTurnOf,
  nothingHeld,
  type SessionState,
  type SessionStates,
} from './port.ts'

/** Where a session is kept. Once removed, a place is never used again. */
export interface Place {
  state: SessionState | undefined
  isRemoved: boolean
}

/** The states of one worker's sessions. How a place is guarded while it is read or written is what differs. */
export abstract class LocalStates<P extends Place> implements SessionStates {
  readonly #registry: Registry<P>
  locksTaken = 0
  readonly messagesSent = 0

  constructor(registry: Registry<P>) {
    this.#registry = registry
  }

  protected abstract makePlace(): P
  /** Runs an operation, which awaits nothing, on a place that nobody else touches meanwhile. */
  protected abstract guarded<T>(place: P, operation: (place: P) => T): Eventual<T>

  get size(): number {
    return this.#registry.size
  }

  get registryLocksTaken(): number {
    return this.#registry.locksTaken
  }

  get(key: string): Eventual<SessionState | undefined> {
    return this.#at(key, readState)
  }

  add(state: SessionState): Eventual<AddedSession> {
    const place = this.#registry.placeOf(state.key, () => this.makePlace())
    const outcome = chain(place, (found) => this.guarded(found, () => put(found, state)))
    // Where the place was removed while this waited for it, the session needs another one.
    return chain(outcome, (done) => done ?? this.add(state))
  }

  completeTurn(key: string, turn: CompletedTurn): Eventual<SessionState | undefined> {
    return this.#at(key, (place) => {
      if (!place.state || !isTurnOf(place.state, turn)) return undefined
      place.state = afterTurn(place.state, turn)
      return place.state
    })
  }

  remove(key: string): Eventual<boolean> {
    return chain(this.#registry.find(key), (place) => {
      if (!place) return false
      const removed = this.guarded(place, clear)
      return chain(removed, (was) => chain(this.#registry.remove(key, place), () => was))
    })
  }

  /** A worker of its own has room for all of its sessions. */
  departures(): number {
    return 0
  }

  beginTurn(): () => void {
    return nothingHeld
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  #at<T>(key: string, operation: (place: P) => T): Eventual<T | undefined> {
    return chain(this.#registry.find(key), (place) => (place ? this.guarded(place, operation) : undefined))
  }
}

const readState = (place: Place): SessionState | undefined => place.state

const put = (place: Place, state: SessionState): AddedSession | undefined => {
  if (place.isRemoved) return undefined
  if (place.state) return { state: place.state, added: false }
  place.state = state
  return { state, added: true }
}

const clear = (place: Place): boolean => {
  const was = place.state !== undefined
  place.state = undefined
  place.isRemoved = true
  return was
}

/** What is there at once is used at once: a part without a lock must not pay for a promise. */
const chain = <T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> =>
  value instanceof Promise ? value.then(next) : next(value)
