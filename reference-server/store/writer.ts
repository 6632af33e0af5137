/** The writer's thread: one connection, one transaction for each batch. */
import { workerData } from 'piscina'
import { openForWriting } from './database.ts'
import type { Write } from './port.ts'

const database = openForWriting((workerData as { file: string }).file)

const putSession = database.prepare(
  'INSERT INTO sessions (id, agent, device, created_at, last_activity_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
)
const countTurn = database.prepare('UPDATE sessions SET turns = turns + 1, last_activity_ms = ? WHERE id = ?')
const addTurn = database.prepare('INSERT INTO turns (session, turn, content, answer, at_ms) VALUES (?, ?, ?, ?, ?)')
const deleteSession = database.prepare('DELETE FROM sessions WHERE id = ?')
const deleteTurns = database.prepare('DELETE FROM turns WHERE session = ?')

const apply = (write: Write): void => {
  switch (write.kind) {
    case 'put-session':
      putSession.run(write.id, write.agent, write.device, write.createdAt, write.atMs)
      return
    case 'turn':
      countTurn.run(write.atMs, write.session)
      addTurn.run(write.session, write.turn, write.content, write.answer, write.atMs)
      return
    case 'delete-session':
      deleteTurns.run(write.id)
      deleteSession.run(write.id)
  }
}

/** Commits all of a batch or nothing of it. `close` ends the connection, which also empties the write-ahead log. */
export default (task: { batch: Write[] } | { close: true }): void => {
  if ('close' in task) {
    database.close()
    return
  }
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const write of task.batch) apply(write)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
