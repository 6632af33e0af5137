import type { SessionRecord } from './port.ts'

/** A record as it lies in shared memory. Times take two words, since milliseconds since 1970 need 41 bits. */
const versionAt = 0
const ownerAt = 1
const runnerAt = 2
const runningAt = 3
const startHighAt = 4
const startLowAt = 5
const endHighAt = 6
const endLowAt = 7
const codeAt = 8
export const recordWords = 9

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
export const recordAt = (words: Int32Array, at: number): SessionRecord => ({
  version: words[at + versionAt]!,
  owner: words[at + ownerAt]!,
  runner: words[at + runnerAt]!,
  status: words[at + runningAt] ? 'running' : 'idle',
  startMs: joined(words[at + startHighAt]!, words[at + startLowAt]!),
  endMs: joined(words[at + endHighAt]!, words[at + endLowAt]!),
  code: words[at + codeAt]!,
})

/** The same where another thread may be writing: each word is whole, whether all are of one record the caller must find out. */
export const loadRecord = (words: Int32Array, at: number): SessionRecord => ({
  version: Atomics.load(words, at + versionAt),
  owner: Atomics.load(words, at + ownerAt),
  runner: Atomics.load(words, at + runnerAt),
  status: Atomics.load(words, at + runningAt) ? 'running' : 'idle',
  startMs: joined(Atomics.load(words, at + startHighAt), Atomics.load(words, at + startLowAt)),
  endMs: joined(Atomics.load(words, at + endHighAt), Atomics.load(words, at + endLowAt)),
  code: Atomics.load(words, at + codeAt),
})

/** Puts a record where no other thread reads or writes. */
export function putRecord(words: Int32Array, at: number, record: SessionRecord): void {
  words[at + versionAt] = record.version
  words[at + ownerAt] = record.owner
  words[at + runnerAt] = record.runner
  words[at + runningAt] = record.status === 'running' ? 1 : 0
  words[at + startHighAt] = highOf(record.startMs)
  words[at + startLowAt] = record.startMs
  words[at + endHighAt] = highOf(record.endMs)
  words[at + endLowAt] = record.endMs
  words[at + codeAt] = record.code
}

/** The same where another thread may be reading. */
export function storeRecord(words: Int32Array, at: number, record: SessionRecord): void {
  Atomics.store(words, at + versionAt, record.version)
  Atomics.store(words, at + ownerAt, record.owner)
  Atomics.store(words, at + runnerAt, record.runner)
  Atomics.store(words, at + runningAt, record.status === 'running' ? 1 : 0)
  Atomics.store(words, at + startHighAt, highOf(record.startMs))
  Atomics.store(words, at + startLowAt, record.startMs)
  Atomics.store(words, at + endHighAt, highOf(record.endMs))
  Atomics.store(words, at + endLowAt, record.endMs)
  Atomics.store(words, at + codeAt, record.code)
}

const highOf = (ms: number): number => Math.floor(ms / 2 ** 32)
const joined = (high: number, low: number): number => high * 2 ** 32 + (low >>> 0)
