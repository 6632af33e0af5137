import { busy, type Problem } from '../gateway/problems.ts'
import type { SessionTable, SlotHandle } from '../shared-memory/port.ts'
import type { Peers } from '../workers/peers.ts'
import {
  type AddedSession,
  afterTurn,
  type CompletedTurn,
  isTurnOf,
  partsOfKey,
  type SessionState,
  type SessionStates,
} from './port.ts'
import { type IdleSession, Room } from './room.ts'

/** A state and the version of the shared record that it belongs to. */
interface Known {
  handle: SlotHandle
  version: number
  state: SessionState
  /** When it came to this worker, or a turn of it was completed here. */
  usedMs: number
}

/** The question by which workers fetch each other's states, and the one by which they hear of a removal. */
const question = 'session-state'
const removal = 'session-removed'

/** What sharing sessions needs of the rest of its worker. */
export interface SharedStatesNeeds {
  /**
   * Resolves when what this worker has written of a session is committed. Workers commit each for themselves: only then may
   * another one go on with the session, or its rows could come before ours.
   * @throws Problem 503 while the database is away
   */
  settled(key: string): Promise<void>
  /** Whether the database has a session, settled as it is here. */
  isStored(key: string): Promise<boolean>
  /** A session has left memory for want of room: what else this worker keeps of it is to go, too. */
  onLeft(key: string): void
}

/** Without the state a turn cannot be completed, so its owner may be busy for long: one that died ends the process. */
const patienceMs = 30_000

/**
 * States of sessions that several workers serve. Which version is the newest, and which worker has it, stands in a
 * record in shared memory; the immutable state itself stays where it was made, and is fetched from there by whoever
 * needs it next. So a session that keeps coming to one worker costs two reads of memory, and two workers that complete
 * turns of one session at once both count: the second one's compare-and-swap fails, and it starts from the first's state.
 *
 * There is room for so many sessions at a time. Where there is none for another one, some leave (room.ts).
 */
export class SharedStates implements SessionStates {
  readonly #table: SessionTable
  readonly #peers: Peers
  readonly #needs: SharedStatesNeeds
  readonly #room: Room
  /** Longest unused first. */
  readonly #known = new Map<string, Known>()
  /** Questions to other workers for the newest state. */
  messagesSent = 0

  constructor(table: SessionTable, peers: Peers, needs: SharedStatesNeeds) {
    this.#table = table
    this.#peers = peers
    this.#needs = needs
    this.#room = new Room(table, peers, {
      idlest: (most) => this.#idlest(most),
      settled: (keys) => this.#settled(keys),
      isStored: (key) => needs.isStored(key),
      letGo: (keys) => {
        for (const key of keys) this.#letGo(key)
      },
    })
    peers.answer(question, async (key) => {
      await needs.settled(key as string)
      return this.#known.get(key as string)
    })
    peers.answer(removal, (key) => this.#dropRemoved(key as string))
  }

  get size(): number {
    return this.#known.size
  }

  get locksTaken(): number {
    return this.#table.recordLocksTaken
  }

  get registryLocksTaken(): number {
    return this.#table.mapLocksTaken
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  get(key: string): SessionState | undefined | Promise<SessionState | undefined> {
    const found = this.#find(key)
    return found instanceof Promise ? found.then((known) => known?.state) : found?.state
  }

  add(state: SessionState): Promise<AddedSession>
  add(state: SessionState, since: number): Promise<AddedSession | undefined>
  async add(state: SessionState, since?: number): Promise<AddedSession | undefined> {
    const { key } = state
    const { handle, added } = this.#table.add(key) ?? (await this.#placeInRoom(key))
    if (!added) {
      const present = await this.#find(key)
      if (present) return { state: present.state, added: false }
    }
    if (since !== undefined && this.departures(key) !== since) {
      // Unless a turn needs it already, of whoever has read it later.
      if (added) this.#table.withdraw(key, handle)
      return undefined
    }
    // Nobody has completed a turn of it yet, so whoever read it from the store has the same one.
    this.#learn(key, { handle, version: 0, state, usedMs: Date.now() })
    return { state, added }
  }

  departures(key: string): number {
    return this.#table.departures(key)
  }

  async completeTurn(key: string, turn: CompletedTurn): Promise<SessionState | undefined> {
    for (;;) {
      const known = await this.#find(key)
      if (!known && this.#table.find(key) !== undefined) throw noAnswer(key)
      if (!known || !isTurnOf(known.state, turn)) return undefined
      const { handle, version } = known
      if (!this.#table.advance(handle, version, Math.round(turn.atMs), 0)) continue
      const state = afterTurn(known.state, turn)
      this.#keep(key, { handle, version: version + 1, state, usedMs: turn.atMs })
      return state
    }
  }

  async remove(key: string): Promise<boolean> {
    this.#known.delete(key)
    const wasThere = this.#table.remove(key)
    // The others' copies hold up nobody: who finds one sees that its session is gone. But they take memory.
    if (wasThere) void this.#peers.askOthers(removal, key)
    return wasThere
  }

  beginTurn(key: string): (() => void) | undefined {
    const known = this.#known.get(key)
    if (!known || !this.#table.hold(known.handle)) return undefined
    const { handle } = known
    this.#table.begin(handle, Date.now())
    let isHeld = true
    return () => {
      if (isHeld) this.#table.release(handle)
      isHeld = false
    }
  }

  /** @throws Problem 503 where no session can leave */
  async #placeInRoom(key: string): Promise<{ handle: SlotHandle; added: boolean }> {
    for (;;) {
      const left = await this.#room.make()
      const place = this.#table.add(key)
      if (place) return place
      if (left === 0) throw noPlace()
    }
  }

  #idlest(most: number): IdleSession[] {
    const idlest: IdleSession[] = []
    for (const [key, known] of this.#known) {
      if (idlest.length === most) break
      const place = this.#placeOf(key)
      // Another worker has gone on with it, or it is gone.
      if (!place || !isNewest(known, place)) this.#known.delete(key)
      else if (this.#table.isFree(known.handle))
        idlest.push({ key, handle: known.handle, version: known.version, usedMs: known.usedMs })
    }
    return idlest
  }

  async #settled(keys: readonly string[]): Promise<string[]> {
    for (const key of keys) {
      const known = this.#known.get(key)
      if (known) this.#keep(key, known)
    }
    const outcomes = await Promise.allSettled(keys.map((key) => this.#needs.settled(key)))
    return keys.filter((_, at) => outcomes[at]!.status === 'fulfilled')
  }

  #letGo(key: string): void {
    this.#dropRemoved(key)
    // It may be back by now, and what is kept of it with it.
    if (this.#table.find(key) === undefined) this.#needs.onLeft(key)
  }

  /** As the one that was used last. */
  #keep(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
  }

  /** This worker's own state where it is the newest; else the newest of another one. */
  #find(key: string): Known | undefined | Promise<Known | undefined> {
    const place = this.#placeOf(key)
    if (!place) {
      this.#known.delete(key)
      return undefined
    }
    const own = this.#known.get(key)
    return own && isNewest(own, place) ? own : this.#fetch(key, place)
  }

  #placeOf(key: string): Place | undefined {
    const handle = this.#table.find(key)
    const record = handle === undefined ? undefined : this.#table.read(handle)
    return handle !== undefined && record ? { handle, version: record.version, owner: record.owner } : undefined
  }

  /**
   * A session that nobody has completed a turn of may be with any of the others; `undefined` where it is with none.
   * While the question is on its way the session may be removed, or go on at another worker or at this one.
   */
  async #fetch(key: string, asked: Place): Promise<Known | undefined> {
    const { owner } = asked
    this.messagesSent += 1
    const answers =
      owner < 0
        ? await this.#peers.askOthers(question, key, patienceMs)
        : [await this.#peers.askOne(owner, question, key, patienceMs)]
    for (const answer of answers as (Known | undefined)[]) if (answer) this.#learn(key, answer)
    const known = this.#known.get(key)
    // Newer than what was asked for will do: whoever builds on what is old by now fails at the record, and asks again.
    if (known && known.handle === asked.handle && known.version >= asked.version) return known
    const place = this.#placeOf(key)
    const isAsBefore = place?.handle === asked.handle && place.version === asked.version
    if (!isAsBefore) return this.#find(key)
    if (owner >= 0) throw noAnswer(key)
    return undefined
  }

  /** An answer that was long on its way must not replace what this worker has made of the session since. */
  #learn(key: string, told: Known): void {
    if (this.#table.find(key) !== told.handle) return
    const own = this.#known.get(key)
    if (own?.handle !== told.handle || own.version < told.version) this.#keep(key, { ...told, usedMs: Date.now() })
  }

  #dropRemoved(key: string): void {
    const known = this.#known.get(key)
    if (known && this.#table.find(key) !== known.handle) this.#known.delete(key)
  }
}

/** Where a session's newest state is to be found. */
interface Place {
  handle: SlotHandle
  version: number
  owner: number
}

const isNewest = (known: Known, place: Place): boolean =>
  known.handle === place.handle && known.version === place.version

const noAnswer = (key: string): Problem =>
  busy(`the worker that served session ${partsOfKey(key).id} last does not answer`)

const noPlace = (): Problem => busy('there is no place left for another session; try again later')
