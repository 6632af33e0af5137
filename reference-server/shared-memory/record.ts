import type { SessionRecord } from './port.ts'

/**
 * A record as it lies in shared memory. In as few words as may be: each word takes an atomic load, which in Node is a
 * call of about 10 ns.
 *
 *     0  version
 *     1  code (16 bits), -, runner + 1 (7), owner + 1 (7), running (1)
 *     2  upper halves of the times, end and start (16 bits each, which last for 8,900 years from 1970)
 *     3  start, lower half     4  end, lower half
 */
const versionAt = 0
const turnAt = 1
const timesAt = 2
const startAt = 3
const endAt = 4
export const recordWords = 5

/** What fits into the 16 bits of `code`. */
export const isOutcomeCode = (code: number): boolean => Number.isInteger(code) && code >= -(2 ** 15) && code < 2 ** 15

/** A session that was just added. */
export const newRecord: SessionRecord = {
  ...{ version: 0, owner: -1, runner: -1 },
  ...{ status: 'idle', startMs: 0, endMs: 0, code: 0 },
}

/** What a record becomes when a turn begins. Field by field: a spread takes several times as long. */
export const begun = (record: SessionRecord, runner: number, startMs: number): SessionRecord => ({
  version: record.version,
  owner: record.owner,
  runner,
  status: 'running',
  startMs,
  endMs: record.endMs,
  code: record.code,
})

/** What a record becomes when a turn ends. */
export const advanced = (record: SessionRecord, owner: number, endMs: number, code: number): SessionRecord => ({
  version: record.version + 1,
  owner,
  runner: record.runner,
  status: 'idle',
  startMs: record.startMs,
  endMs,
  code,
})

/** The record that lies at `words[at]`, where no other thread can be writing. */
export const recordAt = (words: Int32Array, at: number): SessionRecord =>
  unpacked(words[at + versionAt]!, words[at + turnAt]!, words[at + timesAt]!, words[at + startAt]!, words[at + endAt]!)

/** The same where another thread may be writing: each word is whole, whether all are of one record the caller must find out. */
export const loadRecord = (words: Int32Array, at: number): SessionRecord =>
  unpacked(
    Atomics.load(words, at + versionAt),
    Atomics.load(words, at + turnAt),
    Atomics.load(words, at + timesAt),
    Atomics.load(words, at + startAt),
    Atomics.load(words, at + endAt),
  )

/** Puts a record where no other thread reads or writes. */
export function putRecord(words: Int32Array, at: number, record: SessionRecord): void {
  words[at + versionAt] = record.version
  words[at + turnAt] = turnOf(record)
  words[at + timesAt] = timesOf(record)
  words[at + startAt] = record.startMs
  words[at + endAt] = record.endMs
}

/** The same where another thread may be reading. */
export function storeRecord(words: Int32Array, at: number, record: SessionRecord): void {
  Atomics.store(words, at + versionAt, record.version)
  Atomics.store(words, at + turnAt, turnOf(record))
  Atomics.store(words, at + timesAt, timesOf(record))
  Atomics.store(words, at + startAt, record.startMs)
  Atomics.store(words, at + endAt, record.endMs)
}

const turnOf = ({ code, runner, owner, status }: SessionRecord): number =>
  (code << 16) | ((runner + 1) << 8) | ((owner + 1) << 1) | (status === 'running' ? 1 : 0)

const timesOf = ({ startMs, endMs }: SessionRecord): number => (upper(endMs) << 16) | upper(startMs)

const upper = (ms: number): number => Math.floor(ms / 2 ** 32) & 0xffff

const unpacked = (version: number, turn: number, times: number, start: number, end: number): SessionRecord => ({
  version,
  owner: ((turn >> 1) & 0x7f) - 1,
  runner: ((turn >> 8) & 0x7f) - 1,
  status: turn & 1 ? 'running' : 'idle',
  startMs: (times & 0xffff) * 2 ** 32 + (start >>> 0),
  endMs: (times >>> 16) * 2 ** 32 + (end >>> 0),
  code: turn >> 16,
})
