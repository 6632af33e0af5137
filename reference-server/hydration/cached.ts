import { recentMessages, type SessionState } from '../state/port.ts'
import type { Hydration, ReadHistory, Todo } from './port.ts'
import { lastTodosIn, noTodos } from './todos.ts'

/** A list that is older than this counts as abandoned. */
const linesScanned = 100
/** So many turns at least are among a session's recent messages. */
const recentTurns = recentMessages / 2

/** A list as it stands after so many turns. */
interface Known {
  turns: number
  list: readonly Todo[]
}

/** A scan that is under way, on behalf of a session that has so many turns. */
interface Scan {
  turns: number
  list: Promise<readonly Todo[]>
}

/**
 * Scans the end of a conversation when its list is first asked for and keeps the list up with each turn from then on: a
 * read is one look-up. The number of turns says whether a list is still the last one: other workers complete turns of
 * the same session, and what they said last is in its state. There is a list for no more sessions than are in memory,
 * since those that leave are forgotten.
 */
class CachedHydration implements Hydration {
  readonly #history: ReadHistory
  readonly #lists = new Map<string, Known>()
  /** Several turns that ask at once share one scan. */
  readonly #scans = new Map<string, Scan>()

  scans = 0

  constructor(history: ReadHistory) {
    this.#history = history
  }

  todosOf(session: SessionState): Promise<readonly Todo[]> | readonly Todo[] {
    const known = this.#lists.get(session.key)
    if (known && known.turns >= session.turns) return known.list
    return this.#caughtUp(session) ?? this.#scanOf(session)
  }

  noteTurn(session: SessionState): void {
    this.#caughtUp(session)
  }

  forget(key: string): void {
    this.#lists.delete(key)
    this.#scans.delete(key)
  }

  /** The list after what was said last, where that says one or is all that a known list lacks. */
  #caughtUp({ key, turns, recent }: SessionState): readonly Todo[] | undefined {
    const known = this.#lists.get(key)
    if (known && known.turns >= turns) return known.list
    const isKnown = turns === 0 || (known && turns - known.turns <= recentTurns)
    const list = lastTodosIn(recent) ?? (isKnown ? (known?.list ?? noTodos) : undefined)
    if (list) this.#lists.set(key, { turns, list })
    return list
  }

  #scanOf({ key, turns }: SessionState): Promise<readonly Todo[]> {
    const present = this.#scans.get(key)
    if (present && present.turns >= turns) return present.list
    const scan: Scan = { turns, list: this.#scan(key).then((found) => this.#keep(key, scan, found)) }
    this.#scans.set(key, scan)
    const over = (): void => {
      if (this.#scans.get(key) === scan) this.#scans.delete(key)
    }
    scan.list.then(over, over)
    return scan.list
  }

  async #scan(key: string): Promise<readonly Todo[]> {
    this.scans += 1
    return lastTodosIn(await this.#history(key, linesScanned)) ?? noTodos
  }

  /** A session that was forgotten meanwhile gets no entry, for nobody would remove it again. */
  #keep(key: string, scan: Scan, found: readonly Todo[]): readonly Todo[] {
    const known = this.#lists.get(key)
    if (known && known.turns >= scan.turns) return known.list
    if (this.#scans.get(key) === scan) this.#lists.set(key, { turns: scan.turns, list: found })
    return found
  }
}

export const cachedHydration = (history: ReadHistory): Hydration => new CachedHydration(history)
