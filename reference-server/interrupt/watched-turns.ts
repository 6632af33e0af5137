import type { Interruptible } from './port.ts'

/** The turns in flight of one worker, by session. */
export class WatchedTurns<Turn extends Interruptible> {
  readonly #bySession = new Map<string, Set<Turn>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(session: string): boolean {
    return this.#bySession.has(session)
  }

  add(turn: Turn): void {
    const turns = this.#bySession.get(turn.session)
    if (turns) turns.add(turn)
    else this.#bySession.set(turn.session, new Set([turn]))
    this.#size += 1
  }

  remove(turn: Turn): void {
    const turns = this.#bySession.get(turn.session)
    if (!turns?.delete(turn)) return
    this.#size -= 1
    if (turns.size === 0) this.#bySession.delete(turn.session)
  }

  /** A session's turns with this number, or all of them. */
  of(session: string, turn: number | undefined): Turn[] {
    const turns = [...(this.#bySession.get(session) ?? [])]
    return turn === undefined ? turns : turns.filter((each) => each.turn === turn)
  }
}
