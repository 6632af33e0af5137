import { type AddedSession, afterTurn, type CompletedTurn, isTurnOf, type SessionState } from './port.ts'

/** The sessions of whoever owns them: one thread, which others ask by message. */
export class OwnedStates {
  readonly #states = new Map<string, SessionState>()

  size(): number {
    return this.#states.size
  }

  get(key: string): SessionState | undefined {
    return this.#states.get(key)
  }

  add(state: SessionState): AddedSession {
    const present = this.#states.get(state.key)
    if (present) return { state: present, added: false }
    this.#states.set(state.key, state)
    return { state, added: true }
  }

  completeTurn(key: string, turn: CompletedTurn): SessionState | undefined {
    const present = this.#states.get(key)
    if (!present || !isTurnOf(present, turn)) return undefined
    const next = afterTurn(present, turn)
    this.#states.set(key, next)
    return next
  }

  remove(key: string): boolean {
    return this.#states.delete(key)
  }
}

/** What can be asked of the owner. */
export type OwnerCalls = Pick<OwnedStates, 'size' | 'get' | 'add' | 'completeTurn' | 'remove'>
