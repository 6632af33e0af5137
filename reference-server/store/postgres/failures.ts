import pg from 'pg'
import { messageOf } from '../../errors.ts'
import { DatabaseError, type FailureKind } from '../database.ts'

/**
 * What SQLSTATEs mean for whoever asked; the first that a code begins with counts. Refused is only what lies in the data,
 * which nothing else would make any better: whatever else goes wrong, somebody can put right, and until then nothing that
 * was acknowledged is given up.
 */
const kinds: readonly (readonly [prefix: string, kind: FailureKind])[] = [
  ['22', 'refused'], // data that a type cannot have
  ['23', 'refused'], // data that a constraint forbids
  ['54', 'refused'], // data beyond a limit of the program, such as an index entry's length
  ['40', 'busy'], // serialisation failures and deadlocks
  ['55P03', 'busy'], // a lock that cannot be had
  ['57014', 'busy'], // cancelled by somebody, or by a time limit
]

/**
 * No connection, no disk, no memory, no rights, a server that shuts down, only reads or has lost a file, a table that is not
 * there, a prepared statement that a new connection would not have.
 */
const ofEverythingElse: FailureKind = 'unreachable'

const kindOf = (error: unknown): FailureKind => {
  if (error instanceof pg.DatabaseError)
    return kinds.find(([prefix]) => error.code?.startsWith(prefix))?.[1] ?? ofEverythingElse
  // What is neither the server's nor a slip in a program is the connection's: resets, time-outs, names not found.
  return error instanceof TypeError || error instanceof RangeError ? 'refused' : 'unreachable'
}

/** Anything that `pg` throws, with its kind. */
export const asDatabaseError = (error: unknown): DatabaseError =>
  new DatabaseError(kindOf(error), messageOf(error), { cause: error })
