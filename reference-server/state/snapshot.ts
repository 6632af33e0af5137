import type { SessionState, SessionStates } from './port.ts'

/** Immutable states: a read loads one reference, a write swaps it. With one thread neither can be interrupted. */
class SnapshotStates implements SessionStates {
  readonly #states = new Map<string, SessionState>()

  get size(): number {
    return this.#states.size
  }

  get(id: string): SessionState | undefined {
    return this.#states.get(id)
  }

  add(state: SessionState): { state: SessionState; added: boolean } {
    const present = this.#states.get(state.id)
    if (present) return { state: present, added: false }
    this.#states.set(state.id, state)
    return { state, added: true }
  }

  update(id: string, change: (state: SessionState) => SessionState): SessionState | undefined {
    const present = this.#states.get(id)
    if (!present) return undefined
    const next = change(present)
    this.#states.set(id, next)
    return next
  }

  remove(id: string): boolean {
    return this.#states.delete(id)
  }
}

export const snapshotStates = (): SessionStates => new SnapshotStates()
