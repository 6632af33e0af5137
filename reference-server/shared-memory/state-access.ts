import { lock, unlock } from './atomics-mutex.ts'
import type { SessionTable, SlotHandle } from './port.ts'
import { createSessionTable, openSessionTable, type SessionTableOptions } from './session-table.ts'

/** The ways to get at state, each as an operation to call again and again; all give what the state then is. */
export interface StateAccess {
  /** Reads a number of turns: from an object, from a shared word, from a word behind a mutex, from a table's record. */
  stateRead: Record<'reference' | 'atomic' | 'mutex' | 'record' | 'recordMutex', () => number>
  /** Adds a turn to it, in the same ways. */
  stateWrite: Record<'reference' | 'atomic' | 'mutex' | 'record' | 'recordMutex', () => number>
  /** Looks a session up among as many as `sessions`: in a map of one thread, and in both kinds of shared table. */
  registry: Record<'map' | 'lockFree' | 'locked', () => number | undefined>
}

/** Words that share no cache line with each other, so that the ways do not slow each other down. */
const atomicAt = 0
const guardedAt = 32
const mutexAt = 33

/** Makes everything anew, so that no two measurements share a state. */
export function stateAccess(sessions: number): StateAccess {
  const words = new Int32Array(new SharedArrayBuffer(256))
  let reference = { turns: 0 }
  const lockFree = oneOf({ ...manySessions(sessions), map: 'lock-free', records: 'lock-free' })
  const locked = oneOf({ ...manySessions(sessions), map: 'locked', records: 'locked' })
  const sought = idOf(0)
  const inProcess = new Map(Array.from({ length: sessions }, (_, number) => [idOf(number), number]))
  return {
    stateRead: {
      reference: () => reference.turns,
      atomic: () => Atomics.load(words, atomicAt),
      mutex: () => readGuarded(words),
      record: () => lockFree.table.read(lockFree.handle)!.version,
      recordMutex: () => locked.table.read(locked.handle)!.version,
    },
    stateWrite: {
      reference: () => (reference = { turns: reference.turns + 1 }).turns,
      atomic: () => swapped(words),
      mutex: () => addGuarded(words),
      record: () => advancedBy(lockFree),
      recordMutex: () => advancedBy(locked),
    },
    registry: {
      map: () => inProcess.get(sought),
      lockFree: () => lockFree.table.find(sought),
      locked: () => locked.table.find(sought),
    },
  }
}

/** One addition by compare-and-swap. */
function swapped(words: Int32Array): number {
  for (;;) {
    const value = Atomics.load(words, atomicAt)
    if (Atomics.compareExchange(words, atomicAt, value, value + 1) === value) return value + 1
  }
}

function readGuarded(words: Int32Array): number {
  lock(words, mutexAt)
  const value = words[guardedAt]!
  unlock(words, mutexAt)
  return value
}

function addGuarded(words: Int32Array): number {
  lock(words, mutexAt)
  const value = words[guardedAt]! + 1
  words[guardedAt] = value
  unlock(words, mutexAt)
  return value
}

interface OneSession {
  table: SessionTable
  handle: SlotHandle
}

const manySessions = (sessions: number) => ({ capacity: sessions, workers: 1 })
const idOf = (number: number): string => `session-${number}`

/** A full table, and one of its sessions. */
function oneOf(options: SessionTableOptions): OneSession {
  const table = openSessionTable(createSessionTable(options), 0)
  const handles = Array.from({ length: options.capacity }, (_, number) => table.add(idOf(number))!.handle)
  return { table, handle: handles[0]! }
}

function advancedBy({ table, handle }: OneSession): number {
  const { version } = table.read(handle)!
  table.advance(handle, version, 0, 0)
  return version + 1
}
