/** Looks a session up in the map of sessions: of one thread, and of all threads in shared memory. */
import { makeLockFree } from '../../reference-server/registry/lock-free.ts'
import { lockedRegistry } from '../../reference-server/registry/locked.ts'
import { keys, sessionOf } from './lib/sessions.ts'
import { openTable, tableOf } from './lib/tables.ts'

const threads = [1, 2, 4]

interface Place {
  number: number
}

const numberOf = (place: Place | undefined): number => place!.number

function lookUpShared({ shared, thread }: { shared: unknown; thread: number }) {
  const { table } = openTable(shared, thread)
  return { operation: (at: number) => table.find(keys[sessionOf(at)]!)! }
}

export const tasks = {
  'lock-free': {
    open: () => {
      const registry = makeLockFree<Place>()
      for (const [number, key] of keys.entries()) registry.placeOf(key, () => ({ number }))
      return { operation: (at: number) => numberOf(registry.find(keys[sessionOf(at)]!) as Place) }
    },
  },
  locked: {
    open: async () => {
      const registry = lockedRegistry.local<Place>()
      for (const [number, key] of keys.entries()) await registry.placeOf(key, () => ({ number }))
      return { operation: async (at: number) => numberOf(await registry.find(keys[sessionOf(at)]!)) }
    },
  },
  'shared lock-free': { threads, share: tableOf('lock-free'), open: lookUpShared },
  'shared locked': { threads, share: tableOf('locked'), open: lookUpShared },
}
