/** Adds a turn to a session, in all the ways in which the gateway keeps session state, and some that it could. */
import { AsyncMutex } from '../../reference-server/state/async-mutex.ts'
import { afterTurn } from '../../reference-server/state/port.ts'
import { keys, places, sessionOf, turn } from './lib/sessions.ts'
import { ownedStates, owner } from './lib/states.ts'
import { openTable, tableOf } from './lib/tables.ts'
import { type Opening, threads } from './lib/threads.ts'
import { addGuarded, onWords, swapTurns } from './lib/words.ts'

function addTurn(place: ReturnType<typeof places>[number]): number {
  place.state = afterTurn(place.state, turn)
  return place.state.turns
}

export const tasks = {
  snapshot: {
    open: () => {
      const kept = places()
      return { operation: (at: number) => addTurn(kept[sessionOf(at)]!) }
    },
  },
  'async-mutex': {
    open: () => {
      const kept = places().map((place) => ({ place, mutex: new AsyncMutex() }))
      return {
        operation: (at: number) => {
          const { place, mutex } = kept[sessionOf(at)]!
          return mutex.run(() => addTurn(place))
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
        operation: async (at: number) => (await states.completeTurn(keys[sessionOf(at)]!, turn))!.turns,
        close: () => states.close(),
      }
    },
  },
  atomics: onWords(swapTurns),
  'waiting-mutex': onWords(addGuarded),
  record: { threads, share: tableOf('lock-free'), open: advanceRecord },
  'locked-record': { threads, share: tableOf('locked'), open: advanceRecord },
}

/** As the gateway's workers do: where another one was first, it starts over from what that one wrote. */
function advanceRecord({ shared, thread }: Opening) {
  const { table, handles } = openTable(shared, thread)
  return {
    operation: (at: number) => {
      const handle = handles[sessionOf(at)]!
      for (;;) {
        const { version } = table.read(handle)!
        if (table.advance(handle, version, turn.atMs, 0)) return version + 1
      }
    },
  }
}
