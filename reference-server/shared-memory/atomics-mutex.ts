const free = 0
const locked = 1
/** Locked, and somebody may be asleep: whoever unlocks has to wake one. */
const lockedAndAwaited = 2

/**
 * Takes the mutex that lives in `words[at]` (0 at first); the thread sleeps until it is free. The second mutex of
 * U. Drepper, "Futexes Are Tricky" (2011): without contention neither taking nor giving back enters the kernel.
 *
 * Not to be held across an `await`: the thread that would give it back might be the one that sleeps. A thread that
 * ends while it holds the mutex leaves it locked for good, which is what lock-free structures are spared.
 */
export function lock(words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at, free, locked) === free) return
  // Nobody knows whether others sleep besides, so who has slept takes it as awaited: at worst one call for nothing.
  while (Atomics.exchange(words, at, lockedAndAwaited) !== free) Atomics.wait(words, at, lockedAndAwaited)
}

/** Gives the mutex back and wakes one of those that sleep. */
export function unlock(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, free) === lockedAndAwaited) Atomics.notify(words, at, 1)
}
