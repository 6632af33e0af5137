/**
 * One 64-bit word that a compare-and-swap can tell from every earlier content of its cell:
 *
 *     63            32 31     30               0
 *     +---------------+------+------------------+
 *     |      tag      | mark |    index + 1     |      index + 1 = 0: no index
 *     +---------------+------+------------------+
 *
 * A bare index would come back: another thread takes slot 3, then 5, gives 3 back, and a swap prepared while 3 was on
 * top succeeds though what lies under it has changed (the ABA problem). The tag goes up by one with each swap and so
 * makes each content new. It wraps after 2^32 swaps of one cell: a thread would have to sleep between its load and
 * its swap for exactly that many of the others' swaps, which at one each microsecond takes more than an hour.
 *
 * The mark is for lists: a marked link belongs to a node that is being taken out (lock-free-map.ts).
 */
export type TaggedIndex = bigint

const markBit = 0x8000_0000
const indexBits = 0x7fff_ffff
/** What stands for an index where there is none. */
export const none = -1

const lowWord = (word: TaggedIndex): number => Number(BigInt.asUintN(32, word))

/** The index in a word or in its lower half; `none` where there is none. */
export const indexIn = (half: number): number => (half & indexBits) - 1
export const indexOf = (word: TaggedIndex): number => indexIn(lowWord(word))
export const isMarked = (word: TaggedIndex): boolean => (lowWord(word) & markBit) !== 0

/** The word that may follow `word` in its cell: the next tag, with another index. */
export const followedBy = (word: TaggedIndex, index: number, marked = false): TaggedIndex =>
  BigInt.asUintN(64, (((word >> 32n) + 1n) << 32n) | BigInt(index + 1 + (marked ? markBit : 0)))
