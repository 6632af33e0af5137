import type { SessionTable, SlotHandle } from '../shared-memory/port.ts'
import type { Peers } from '../workers/peers.ts'

/** A session in memory that nobody holds, as the worker that has its newest state knows it. */
export interface IdleSession {
  key: string
  handle: SlotHandle
  version: number
  usedMs: number
}

/** What making room needs of the worker in which it runs. */
export interface RoomNeeds {
  /** Sessions whose newest state is here and which nobody holds, longest unused first. */
  idlest(most: number): IdleSession[]
  /** Those of which this worker writes nothing any more. They are the last that `idlest` names again. */
  settled(keys: readonly string[]): Promise<string[]>
  /** Whether a session is in the database: it has nowhere else to be when it leaves memory. */
  isStored(key: string): Promise<boolean>
  /** Lets go of all that this worker has of sessions that have left. */
  letGo(keys: readonly string[]): void
}

/** The questions by which the workers are asked for what stands in `RoomNeeds`, and the one by which room is asked for. */
const questions = {
  room: 'session-room',
  idlest: 'sessions-idlest',
  settled: 'sessions-settled',
  left: 'sessions-left',
}

/** Rounds of several workers at once would all want the same sessions: one worker makes room on behalf of all. */
const maker = 0

/** Sessions leave so many at a time at most, so that the questions before it are asked once for all of them ... */
const mostAtOnce = 64
/** ... and never more than this share of those in memory. */
const share = 16
/** Sessions that cannot leave are passed over; when nothing but these is found so often, there is no room. */
const mostTries = 8

/** Whoever waits for it has no place for its session; a worker that died ends the process. */
const patienceMs = 30_000

/**
 * Makes room in a table that is full: the sessions leave memory that were unused for longest, that no turn holds and that
 * the database has. They are not ended: whoever asks for one reads it from there.
 *
 * A round costs three messages to each worker, whatever the size of the table: each keeps its sessions in the order of
 * their use. First it is settled at all workers that nothing of the sessions is on its way to the database. Then each is
 * taken out in one step with finding out that nobody holds it and no turn was completed since: who reads it from the
 * database afterwards finds all of it there.
 */
export class Room {
  readonly #table: SessionTable
  readonly #peers: Peers
  readonly #needs: RoomNeeds
  readonly #atOnce: number
  #round: Promise<number> | undefined

  constructor(table: SessionTable, peers: Peers, needs: RoomNeeds) {
    this.#table = table
    this.#peers = peers
    this.#needs = needs
    this.#atOnce = Math.min(mostAtOnce, Math.ceil(table.capacity / share))
    peers.answer(questions.room, () => this.make())
    peers.answer(questions.idlest, (most) => needs.idlest(most as number))
    peers.answer(questions.settled, (keys) => needs.settled(keys as string[]))
    peers.answer(questions.left, (keys) => needs.letGo(keys as string[]))
  }

  /** @returns how many sessions left; others may have taken their places by now */
  async make(): Promise<number> {
    if (this.#peers.index !== maker)
      return Number((await this.#peers.askOne(maker, questions.room, undefined, patienceMs)) ?? 0)
    this.#round ??= this.#makeHere().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async #makeHere(): Promise<number> {
    const tried = new Set<string>()
    for (let tries = 0; tries < mostTries; tries++) {
      const chosen = await this.#choose(tried)
      if (chosen.length === 0) return 0
      const left = await this.#takeOut(chosen)
      if (left.length > 0) return left.length
      for (const { key } of chosen) tried.add(key)
    }
    return 0
  }

  /** The longest unused of all workers. One that several have, since no turn of it was completed, is as old as its latest use. */
  async #choose(tried: ReadonlySet<string>): Promise<IdleSession[]> {
    const others = (await this.#peers.askOthers(questions.idlest, this.#atOnce, patienceMs)) as IdleSession[][]
    const byKey = new Map<string, IdleSession>()
    for (const idle of [this.#needs.idlest(this.#atOnce), ...others].flat()) {
      const known = byKey.get(idle.key)
      if (!tried.has(idle.key) && (!known || known.usedMs < idle.usedMs)) byKey.set(idle.key, idle)
    }
    return [...byKey.values()].sort((a, b) => a.usedMs - b.usedMs).slice(0, this.#atOnce)
  }

  /** @returns the keys of those that have left */
  async #takeOut(chosen: readonly IdleSession[]): Promise<string[]> {
    const left: string[] = []
    for (const { key, handle, version } of await this.#stored(chosen))
      if (this.#table.leave(key, handle, version)) left.push(key)
    if (left.length === 0) return left
    this.#needs.letGo(left)
    // What the others keep of them holds up nobody, and only takes memory.
    void this.#peers.askOthers(questions.left, left)
    return left
  }

  /** Those of which no worker writes anything any more, and which are in the database. */
  async #stored(chosen: readonly IdleSession[]): Promise<IdleSession[]> {
    const keys = chosen.map(({ key }) => key)
    const [own, others] = await Promise.all([
      this.#needs.settled(keys),
      this.#peers.askOthers(questions.settled, keys, patienceMs) as Promise<string[][]>,
    ])
    // A worker that did not answer may be about to write of any of them.
    if (others.length < this.#peers.count - 1) return []
    const settled = [own, ...others].map((each) => new Set(each))
    const all = chosen.filter(({ key }) => settled.every((each) => each.has(key)))
    const stored = await Promise.all(all.map(({ key }) => this.#needs.isStored(key)))
    return all.filter((_, at) => stored[at])
  }
}
