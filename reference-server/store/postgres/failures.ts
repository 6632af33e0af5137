import pg from 'pg'
import { messageOf } from '../../errors.ts'
import { DatabaseError, type FailureKind } from '../database.ts'

/** Of the SQLSTATEs that have a remedy, which; the first that a code begins with counts. */
const kinds: readonly (readonly [prefix: string, kind: FailureKind])[] = [
  ['40', 'busy'], // serialisation failures and deadlocks
  ['55P03', 'busy'], // a lock that cannot be had
  ['53', 'unreachable'], // too many connections, no disk, no memory
  ['08', 'unreachable'], // the connection
  ['57P', 'unreachable'], // shutting down, starting up
  ['25006', 'unreachable'], // only reads: another server has become the primary
]

const kindOf = (error: unknown): FailureKind => {
  if (error instanceof pg.DatabaseError)
    return kinds.find(([prefix]) => error.code?.startsWith(prefix))?.[1] ?? 'refused'
  // What is neither the server's nor a slip in a program is the connection's: resets, time-outs, names not found.
  return error instanceof TypeError || error instanceof RangeError ? 'refused' : 'unreachable'
}

/** Anything that `pg` throws, with its kind. */
export const asDatabaseError = (error: unknown): DatabaseError =>
  new DatabaseError(kindOf(error), messageOf(error), { cause: error })
