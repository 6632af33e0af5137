import { busy, type Problem } from '../gateway/problems.ts'
import type { SessionTable, SlotHandle } from '../shared-memory/port.ts'
import type { Peers } from '../workers/peers.ts'
import { afterTurn, type CompletedTurn, partsOfKey, type SessionState, type SessionStates } from './port.ts'

/** A state and the version of the shared record that it belongs to. */
interface Known {
  handle: SlotHandle
  version: number
  state: SessionState
}

/** The question by which workers fetch each other's states. */
const question = 'session-state'

/**
 * States of sessions that several workers serve. Which version is the newest, and which worker has it, stands in a
 * record in shared memory; the immutable state itself stays where it was made, and is fetched from there by whoever
 * needs it next. So a session that keeps coming to one worker costs two reads of memory, and two workers that complete
 * turns of one session at once both count: the second one's compare-and-swap fails, and it starts from the first's state.
 */
export class SharedStates implements SessionStates {
  readonly #table: SessionTable
  readonly #peers: Peers
  readonly #known = new Map<string, Known>()

  constructor(table: SessionTable, peers: Peers) {
    this.#table = table
    this.#peers = peers
    peers.answer(question, (key) => this.#known.get(key as string))
  }

  get size(): number {
    return this.#known.size
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  get(key: string): SessionState | undefined | Promise<SessionState | undefined> {
    const found = this.#find(key)
    return found instanceof Promise ? found.then((known) => known?.state) : found?.state
  }

  async add(state: SessionState): Promise<{ state: SessionState; added: boolean }> {
    const place = this.#table.add(state.key)
    if (!place) throw noPlace()
    if (!place.added) {
      const present = await this.#find(state.key)
      if (present) return { state: present.state, added: false }
    }
    // Nobody has completed a turn of it yet, so whoever read it from the store has the same one.
    this.#known.set(state.key, { handle: place.handle, version: 0, state })
    return { state, added: place.added }
  }

  async completeTurn(key: string, turn: CompletedTurn): Promise<SessionState | undefined> {
    for (;;) {
      const known = await this.#find(key)
      if (!known) return undefined
      const { handle, version } = known
      if (!this.#table.advance(handle, version, Math.round(turn.atMs), 0)) continue
      const state = afterTurn(known.state, turn)
      this.#known.set(key, { handle, version: version + 1, state })
      return state
    }
  }

  async remove(key: string): Promise<boolean> {
    this.#known.delete(key)
    return this.#table.remove(key)
  }

  beginTurn(key: string): void {
    const handle = this.#table.find(key)
    if (handle !== undefined) this.#table.begin(handle, Date.now())
  }

  /** This worker's own state where it is the newest; else the newest of another one. */
  #find(key: string): Known | undefined | Promise<Known | undefined> {
    const handle = this.#table.find(key)
    const record = handle === undefined ? undefined : this.#table.read(handle)
    const own = this.#known.get(key)
    if (handle === undefined || !record) {
      this.#known.delete(key)
      return undefined
    }
    if (own?.handle === handle && own.version === record.version) return own
    return this.#fetch(key, record.owner)
  }

  /** A session that nobody has completed a turn of may be with any of the others. */
  async #fetch(key: string, owner: number): Promise<Known | undefined> {
    const answers =
      owner < 0 ? await this.#peers.askOthers(question, key) : [await this.#peers.askOne(owner, question, key)]
    const [newest] = (answers as (Known | undefined)[])
      .filter((known) => known !== undefined)
      .sort((a, b) => b.version - a.version)
    if (newest) this.#known.set(key, newest)
    else if (owner >= 0) throw busy(`the worker that served session ${partsOfKey(key).id} last does not answer`)
    return newest
  }
}

const noPlace = (): Problem => busy('there is no place left for another session; try again later')
