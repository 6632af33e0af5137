/**
 * MD4 as RFC 1320 describes it: k6 has it, and today's OpenSSL has put it away. NTLM is what scripts need it for.
 * @returns 16 bytes
 */
export function md4(message: Uint8Array): Buffer {
  const words = padded(message)
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let at = 0; at < words.length; at += 16) mixBlock(state, words.subarray(at, at + 16))
  const digest = Buffer.alloc(16)
  state.forEach((word, index) => void digest.writeUInt32LE(word, index * 4))
  return digest
}

/** Section 3.1 and 3.2: a one bit, zeros, and the length in bits. */
function padded(message: Uint8Array): Uint32Array {
  const bytes = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  bytes.writeBigUInt64LE(BigInt(message.length) * 8n, bytes.length - 8)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4))
}

/** Section 3.4: the three rounds, each with its function, constant, order of words and shifts. */
const rounds = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
]

function mixBlock(state: Uint32Array, block: Uint32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number]
  for (const { mix, constant, order, shifts } of rounds) {
    for (let step = 0; step < 16; step++) {
      const shift = shifts[step & 3]!
      const sum = (a + mix(b, c, d) + block[order[step]!]! + constant) | 0
      const turned = (sum << shift) | (sum >>> (32 - shift))
      a = d
      d = c
      c = b
      b = turned
    }
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
}
