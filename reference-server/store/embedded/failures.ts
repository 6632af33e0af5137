import { messageOf } from '../../errors.ts'
import type { CommitFailure, FailureKind } from '../database.ts'

/**
 * What SQLite's codes mean, without what further bits add. Refused is only what lies in the data, and what is no failure of
 * SQLite's but a slip in a program; whatever else goes wrong, somebody can put right.
 */
const kinds: Record<number, FailureKind> = {
  5: 'busy', // another connection has locked the file
  6: 'busy', // or a table
  18: 'refused', // a text that is too long
  19: 'refused', // data that a constraint forbids
  20: 'refused', // data of another type
  25: 'refused', // a parameter that a statement does not have
}

/** No space, no memory, no rights, a disk that fails, a file or a table that is not there. */
const ofEverythingElse: FailureKind = 'unreachable'

const kindOf = (code: number | undefined): FailureKind =>
  code === undefined ? 'refused' : (kinds[code & 0xff] ?? ofEverythingElse)

/** Anything that `node:sqlite` throws, as a value: an error's code does not survive its way to another thread. */
export const failureOf = (error: unknown): CommitFailure => ({
  kind: kindOf((error as { errcode?: number }).errcode),
  message: messageOf(error),
})
