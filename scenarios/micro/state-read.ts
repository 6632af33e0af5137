/** Reads the number of turns of a session, in all the ways in which the gateway keeps session state, and some that it could. */
import { AsyncMutex } from '../../reference-server/state/async-mutex.ts'
import { mutexKind } from '../../reference-server/state/mutex.ts'
import type { SessionState } from '../../reference-server/state/port.ts'
import { snapshotKind } from '../../reference-server/state/snapshot.ts'
import { keys, places, sessionOf } from './lib/sessions.ts'
import { localStates, ownedStates, owner } from './lib/states.ts'
import { openTable, tableOf } from './lib/tables.ts'
import { type Opening, threads } from './lib/threads.ts'
import { loadTurns, onWords, readGuarded } from './lib/words.ts'

const turnsOf = (state: SessionState | undefined): number => state!.turns

/** As a turn does: the key is looked up first. */
const byKey = async (kind: typeof snapshotKind) => {
  const states = await localStates(kind)
  return {
    operation: (at: number) => {
      const state = states.get(keys[sessionOf(at)]!)
      return state instanceof Promise ? state.then(turnsOf) : turnsOf(state)
    },
    close: () => states.close(),
  }
}

export const tasks = {
  snapshot: {
    open: () => {
      const kept = places()
      return { operation: (at: number) => kept[sessionOf(at)]!.state.turns }
    },
  },
  'async-mutex': {
    open: () => {
      const kept = places().map((place) => ({ ...place, mutex: new AsyncMutex() }))
      return {
        operation: (at: number) => {
          const place = kept[sessionOf(at)]!
          return place.mutex.run(() => place.state.turns)
        },
      }
    },
  },
  channel: {
    threads,
    ...owner,
    open: async ({ shared }: Opening) => {
      const states = await ownedStates(shared)
      return {
        operation: async (at: number) => turnsOf(await states.get(keys[sessionOf(at)]!)),
        close: () => states.close(),
      }
    },
  },
  atomics: onWords(loadTurns),
  'waiting-mutex': onWords(readGuarded),
  record: { threads, share: tableOf('lock-free'), open: readRecord },
  'locked-record': { threads, share: tableOf('locked'), open: readRecord },
  'snapshot by key': { open: () => byKey(snapshotKind) },
  'async-mutex by key': { open: () => byKey(mutexKind) },
}

function readRecord({ shared, thread }: Opening) {
  const { table, handles } = openTable(shared, thread)
  return { operation: (at: number) => table.read(handles[sessionOf(at)]!)!.version }
}
