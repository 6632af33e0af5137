import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { decodeBody } from '../../../../harness/engine/sessions/transport/body-decoding.ts'

const text = 'hello world '.repeat(50)
const whole = {
  br: brotliCompressSync(text),
  gzip: gzipSync(text),
  deflate: deflateSync(text),
  zstd: zstdCompressSync(text),
}
const without = (encoding: keyof typeof whole, bytes: number): Buffer => whole[encoding].subarray(0, -bytes)
const once = (what: string): string => `error decompressing response body (${what})`
const twice = (what: string): string => once(once(what))

/** As k6 1.8 was seen to tell them; of a body, its length. */
const broken: [encoding: string, raw: Buffer | string, code: number, message: string, body: number | null][] = [
  ['br', 'garbage garbage', 1701, once('brotli: PADDING_1'), 0],
  ['br', 'not brotli at all, really', 1701, once('brotli: PADDING_2'), 0],
  ['br', '<html>hello</html>', 1701, once('brotli: RESERVED'), 0],
  ['br', 'x', 1000, 'unexpected EOF', 0],
  ['br', without('br', 6), 1000, 'unexpected EOF', 0],
  ['gzip', 'garbage garbage', 1701, twice('gzip: invalid header'), null],
  ['gzip', 'x', 1701, once('unexpected EOF'), null],
  ['gzip', without('gzip', 6), 1000, 'unexpected EOF', text.length],
  ['deflate', 'garbage garbage', 1701, twice('zlib: invalid header'), null],
  ['deflate', 'x', 1701, once('unexpected EOF'), null],
  ['deflate', whole.deflate.subarray(0, 3), 1000, 'unexpected EOF', 0],
  ['deflate', without('deflate', 6), 1000, 'unexpected EOF', 529],
  ['zstd', 'garbage garbage', 1701, twice('invalid input: magic number mismatch'), 0],
  ['zstd', 'x', 1000, 'unexpected EOF', 0],
  ['zstd', without('zstd', 6), 1000, 'unexpected EOF', 0],
]

describe('a body that is not what its encoding says', () => {
  for (const [encoding, raw, code, message, body] of broken)
    it(`fails as in k6: ${encoding}, ${raw.length} bytes that begin ${JSON.stringify(raw.toString('latin1', 0, 4))}`, () => {
      const { bytes, failure } = decodeBody(Buffer.from(raw as string), encoding, 10_000)!
      assert.deepEqual([failure, bytes?.length ?? null], [{ message, code }, body])
    })

  it('has a checksum that does not fit', () => {
    const raw = Buffer.from(whole.gzip)
    raw.writeUInt8(raw.readUInt8(raw.length - 8) ^ 1, raw.length - 8)
    assert.equal(decodeBody(raw, 'gzip', 10_000)?.failure?.message, twice('gzip: invalid checksum'))
  })
})

it('encodings are taken off in the opposite order, and unknown ones left', () => {
  const { bytes, failure } = decodeBody(brotliCompressSync(whole.gzip), 'constructor, own, gzip, br', 10_000)!
  assert.deepEqual([bytes?.toString(), failure], [text, null])
})
