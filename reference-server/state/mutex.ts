import { AsyncMutex } from './async-mutex.ts'
import type { SessionState, SessionStates } from './port.ts'

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

  async get(id: string): Promise<SessionState | undefined> {
    const guarded = this.#sessions.get(id)
    return guarded?.mutex.run(() => guarded.state)
  }

  async add(state: SessionState): Promise<{ state: SessionState; added: boolean }> {
    const guarded = this.#placeOf(state.id)
    const outcome = await guarded.mutex.run(() => {
      if (this.#sessions.get(state.id) !== guarded) return undefined
      if (guarded.state) return { state: guarded.state, added: false }
      guarded.state = state
      return { state, added: true }
    })
    // Where the place was removed while this waited for its mutex, it must not come back: begin anew.
    return outcome ?? this.add(state)
  }

  async update(id: string, change: (state: SessionState) => SessionState): Promise<SessionState | undefined> {
    const guarded = this.#sessions.get(id)
    return guarded?.mutex.run(() => {
      if (guarded.state) guarded.state = change(guarded.state)
      return guarded.state
    })
  }

  async remove(id: string): Promise<boolean> {
    const guarded = this.#sessions.get(id)
    if (!guarded) return false
    return guarded.mutex.run(() => {
      const removed = guarded.state !== undefined
      guarded.state = undefined
      if (this.#sessions.get(id) === guarded) this.#sessions.delete(id)
      return removed
    })
  }

  #placeOf(id: string): Guarded {
    const present = this.#sessions.get(id)
    if (present) return present
    const made: Guarded = { mutex: new AsyncMutex(), state: undefined }
    this.#sessions.set(id, made)
    return made
  }
}

export const mutexStates = (): SessionStates => new MutexStates()
