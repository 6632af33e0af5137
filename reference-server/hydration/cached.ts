import type { Hydration, Line, ReadHistory, Todo } from './port.ts'
import { lastTodosIn, noTodos } from './todos.ts'

/** A list that is older than this counts as abandoned. */
const linesScanned = 100

/**
 * Scans the end of a conversation when its list is first asked for and keeps the list up with each turn from then on: a
 * read is one look-up. There is a list for no more sessions than are in memory, since those that leave are forgotten.
 */
class CachedHydration implements Hydration {
  readonly #history: ReadHistory
  readonly #lists = new Map<string, readonly Todo[]>()
  /** Several turns that ask at once share one scan. */
  readonly #scans = new Map<string, Promise<readonly Todo[]>>()

  scans = 0

  constructor(history: ReadHistory) {
    this.#history = history
  }

  todosOf(session: string): Promise<readonly Todo[]> | readonly Todo[] {
    return this.#lists.get(session) ?? this.#scans.get(session) ?? this.#beginScan(session)
  }

  /** A list in a turn is newer than any that a scan still under way can find. */
  noteTurn(session: string, messages: readonly Line[]): void {
    const list = lastTodosIn(messages)
    if (list) this.#lists.set(session, list)
  }

  forget(session: string): void {
    this.#lists.delete(session)
    this.#scans.delete(session)
  }

  #beginScan(session: string): Promise<readonly Todo[]> {
    const scan: Promise<readonly Todo[]> = this.#scan(session).then(
      (found) => this.#keep(session, scan, found),
      (error) => {
        if (this.#scans.get(session) === scan) this.#scans.delete(session)
        throw error
      },
    )
    this.#scans.set(session, scan)
    return scan
  }

  async #scan(session: string): Promise<readonly Todo[]> {
    this.scans += 1
    return lastTodosIn(await this.#history(session, linesScanned)) ?? noTodos
  }

  /** A session that was forgotten meanwhile gets no entry, for nobody would remove it again. */
  #keep(session: string, scan: Promise<readonly Todo[]>, found: readonly Todo[]): readonly Todo[] {
    if (this.#scans.get(session) !== scan) return found
    this.#scans.delete(session)
    const list = this.#lists.get(session) ?? found
    this.#lists.set(session, list)
    return list
  }
}

export const cachedHydration = (history: ReadHistory): Hydration => new CachedHydration(history)
