import type { SessionTable, SlotHandle } from '../../../reference-server/shared-memory/port.ts'
import {
  createSessionTable,
  openSessionTable,
  type SessionTableMemory,
} from '../../../reference-server/shared-memory/session-table.ts'
import { keys, sessionCount } from './sessions.ts'

type Kind = 'lock-free' | 'locked'

/** A table of the gateway's workers, full of sessions, for so many threads. */
export const tableOf =
  (kind: Kind) =>
  ({ threads }: { threads: number }): SessionTableMemory => {
    const memory = createSessionTable({ capacity: sessionCount, workers: threads, map: kind, records: kind })
    const table = openSessionTable(memory, 0)
    for (const key of keys) table.add(key)
    return memory
  }

/** The table as one thread sees it, with handles of all sessions. */
export function openTable(memory: unknown, thread: number): { table: SessionTable; handles: SlotHandle[] } {
  const table = openSessionTable(memory as SessionTableMemory, thread)
  return { table, handles: keys.map((key) => table.find(key)!) }
}
