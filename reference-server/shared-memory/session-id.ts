/** A key: an app of at most 32 characters, a slash, an id of at most 128; in whole words. */
export const longestSessionId = 164
const pattern = /^[A-Za-z0-9._:/-]{1,164}$/

/** 32-bit words that an id takes up: its hash, its length, its characters four to a word. */
export const sessionIdWords = 2 + longestSessionId / 4

/** 1 to 164 of the characters A-Z a-z 0-9 . _ : / - */
export const isSessionId = (id: string): boolean => pattern.test(id)

/**
 * Writes an id into `words`, which it then has to itself: `words[0]` is the hash. A thread keeps one such array for
 * all its look-ups, so that none of them makes garbage.
 * @returns how many words were written
 */
export function encodeSessionId(id: string, words: Int32Array): number {
  const length = id.length
  let hash = 0x811c9dc5
  let at = 1
  words[at] = length
  for (let index = 0; index < length; index++) {
    const code = id.charCodeAt(index)
    // FNV-1a (Fowler, Noll, Vo), 32 bits.
    hash = Math.imul(hash ^ code, 0x01000193)
    if (index % 4 === 0) words[++at] = code
    else words[at]! |= code << (8 * (index % 4))
  }
  words[0] = mixed(hash)
  return at + 1
}

/** The last bits of the hash choose the bucket, so all bits have to reach them (the finaliser of MurmurHash3). */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}
