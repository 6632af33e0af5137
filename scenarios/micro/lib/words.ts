import { lock, unlock } from '../../../reference-server/shared-memory/atomics-mutex.ts'
import { sessionCount, sessionOf } from './sessions.ts'
import { type Opening, threads } from './threads.ts'

/** Each session has a cache line of its own: a number of turns, and a mutex. */
const wordsEach = 16
const turnsOf = (at: number): number => sessionOf(at) * wordsEach
const mutexOf = (at: number): number => turnsOf(at) + 1

/** A task on numbers of turns in memory that all threads share. */
export const onWords = (operation: (words: Int32Array, at: number) => number) => ({
  threads,
  share: () => new SharedArrayBuffer(4 * wordsEach * sessionCount),
  open: ({ shared }: Opening) => {
    const words = new Int32Array(shared as SharedArrayBuffer)
    return { operation: (at: number) => operation(words, at) }
  },
})

export const loadTurns = (words: Int32Array, at: number): number => Atomics.load(words, turnsOf(at))

/** Adds a turn by compare-and-swap. */
export function swapTurns(words: Int32Array, at: number): number {
  const index = turnsOf(at)
  for (;;) {
    const turns = Atomics.load(words, index)
    if (Atomics.compareExchange(words, index, turns, turns + 1) === turns) return turns + 1
  }
}

/** Does something to a number of turns behind its session's mutex. */
function guarded(words: Int32Array, at: number, change: 0 | 1): number {
  const mutex = mutexOf(at)
  lock(words, mutex)
  const turns = words[turnsOf(at)]! + change
  if (change !== 0) words[turnsOf(at)] = turns
  unlock(words, mutex)
  return turns
}

export const readGuarded = (words: Int32Array, at: number): number => guarded(words, at, 0)
export const addGuarded = (words: Int32Array, at: number): number => guarded(words, at, 1)
