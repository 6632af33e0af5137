/** A thread with one connection to SQLite: the one that writes, or one that only reads. */
import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'piscina'
import type { CommitFailure, CommitOutcome, ReadName, Reads } from '../database.ts'
import type { Write } from '../port.ts'
import { failureOf } from './failures.ts'
import { readsOver } from './reads.ts'
import { type Contents, prepare } from './schema.ts'
import { writesOver } from './writes.ts'

/** What a thread is told when it starts. */
export interface ThreadData {
  file: string
  /** Given to the thread that writes: it makes the tables. */
  contents?: Contents
}

export type ThreadTask =
  /** Batches as JSON: for many small objects a text is copied to another thread far more cheaply than they are. */
  | { commit: string }
  | { [Name in ReadName]: { read: Name; values: Parameters<Reads[Name]> } }[ReadName]
  | { close: true }

/** How long SQLite itself waits for another process's lock. */
const busyTimeoutMs = 1_000

const { file, contents } = workerData as ThreadData
const database = new DatabaseSync(file, { readOnly: !contents, timeout: busyTimeoutMs })
if (contents) prepare(database, contents)
const reads = readsOver(database)
const apply = contents && writesOver(database)

const commitOne = (writes: readonly Write[]): CommitFailure | undefined => {
  try {
    database.exec('BEGIN IMMEDIATE')
    for (const write of writes) apply!(write)
    database.exec('COMMIT')
    return undefined
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    return failureOf(error)
  }
}

const commit = (batches: readonly (readonly Write[])[]): CommitOutcome => {
  let committed = 0
  for (const writes of batches) {
    const failure = commitOne(writes)
    if (failure) return { committed, failure }
    committed += 1
  }
  return { committed }
}

const read = <Name extends ReadName>({ read: name, values }: { read: Name; values: Parameters<Reads[Name]> }) =>
  (reads[name] as (...values: Parameters<Reads[Name]>) => ReturnType<Reads[Name]>)(...values)

export default (task: ThreadTask): unknown => {
  if ('commit' in task) return commit(JSON.parse(task.commit) as Write[][])
  if ('close' in task) return database.close()
  try {
    return { value: read(task) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}
