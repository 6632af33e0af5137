import { afterTurn, type CompletedTurn, type SessionState, type SessionStates } from './port.ts'

/** Immutable states: a read loads one reference, a write swaps it. With one thread neither can be interrupted. */
class SnapshotStates implements SessionStates {
  readonly #states = new Map<string, SessionState>()

  get size(): number {
    return this.#states.size
  }

  get(key: string): SessionState | undefined {
    return this.#states.get(key)
  }

  add(state: SessionState): { state: SessionState; added: boolean } {
    const present = this.#states.get(state.key)
    if (present) return { state: present, added: false }
    this.#states.set(state.key, state)
    return { state, added: true }
  }

  completeTurn(key: string, turn: CompletedTurn): SessionState | undefined {
    const present = this.#states.get(key)
    if (!present) return undefined
    const next = afterTurn(present, turn)
    this.#states.set(key, next)
    return next
  }

  remove(key: string): boolean {
    return this.#states.delete(key)
  }
}

export const snapshotStates = (): SessionStates => new SnapshotStates()
