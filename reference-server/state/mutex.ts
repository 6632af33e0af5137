import { AsyncMutex } from './async-mutex.ts'
import { afterTurn, type CompletedTurn, type SessionState, type SessionStates } from './port.ts'

/** A session's place in the map; `undefined` before the session is put there and after it is removed. */
interface Guarded {
  mutex: AsyncMutex
  state: SessionState | undefined
}

/**
 * Every read and every write of a session's state takes that session's mutex, for that one operation and never across
 * another await. The map itself has no lock: what a lock round the registry costs is another question.
 */
class MutexStates implements SessionStates {
  readonly #sessions = new Map<string, Guarded>()

  get size(): number {
    return this.#sessions.size
  }

  async get(key: string): Promise<SessionState | undefined> {
    const guarded = this.#sessions.get(key)
    return guarded?.mutex.run(() => guarded.state)
  }

  async add(state: SessionState): Promise<{ state: SessionState; added: boolean }> {
    const guarded = this.#placeOf(state.key)
    const outcome = await guarded.mutex.run(() => {
      if (this.#sessions.get(state.key) !== guarded) return undefined
      if (guarded.state) return { state: guarded.state, added: false }
      guarded.state = state
      return { state, added: true }
    })
    // Where the place was removed while this waited for its mutex, it must not come back: begin anew.
    return outcome ?? this.add(state)
  }

  async completeTurn(key: string, turn: CompletedTurn): Promise<SessionState | undefined> {
    const guarded = this.#sessions.get(key)
    return guarded?.mutex.run(() => {
      if (guarded.state) guarded.state = afterTurn(guarded.state, turn)
      return guarded.state
    })
  }

  async remove(key: string): Promise<boolean> {
    const guarded = this.#sessions.get(key)
    if (!guarded) return false
    return guarded.mutex.run(() => {
      const removed = guarded.state !== undefined
      guarded.state = undefined
      if (this.#sessions.get(key) === guarded) this.#sessions.delete(key)
      return removed
    })
  }

  #placeOf(key: string): Guarded {
    const present = this.#sessions.get(key)
    if (present) return present
    const made: Guarded = { mutex: new AsyncMutex(), state: undefined }
    this.#sessions.set(key, made)
    return made
  }
}

export const mutexStates = (): SessionStates => new MutexStates()
