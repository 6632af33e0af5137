import assert from 'node:assert/strict'
import type { Writable } from 'node:stream'
import { test } from 'node:test'
import * as ws from 'ws'
import { FrameReader } from '../../../../harness/engine/sessions/transport/websocket-reader.ts'
import { type Random, seededRandom } from '../../../support/random.ts'
import { closePayload, serverFrame } from './websocket-support.ts'

type Found = [kind: string, ...facts: unknown[]]

/** A reader whose finds are written down, with bytes as hex. */
function collecting(maxMessageBytes = 1e6): { reader: FrameReader; found: Found[] } {
  const found: Found[] = []
  const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')
  const sink = {
    onText: (text: string) => found.push(['text', text]),
    onBinary: (data: Uint8Array) => found.push(['binary', hex(data)]),
    onPing: (data: Uint8Array) => found.push(['ping', hex(data)]),
    onPong: (data: Uint8Array) => found.push(['pong', hex(data)]),
    onCloseFrame: (code: number, reason: string) => found.push(['close', code, reason]),
    onViolation: (closeCode: number, what: string) => found.push(['violation', closeCode, what]),
  }
  return { reader: new FrameReader(sink, maxMessageBytes), found }
}

/** Reads the pieces through one buffer that is overwritten in between, as the sockets of a process do. */
function readPieces(pieces: Uint8Array[], maxMessageBytes?: number): Found[] {
  const { reader, found } = collecting(maxMessageBytes)
  const shared = Buffer.alloc(Math.max(...pieces.map((piece) => piece.length)) + 7)
  for (const piece of pieces) {
    shared.fill(0xff)
    shared.set(piece, 7)
    reader.read(shared, 7, 7 + piece.length)
  }
  return found
}

const stream = Buffer.concat([
  serverFrame(1, 'hello'),
  serverFrame(1, 'grüße €'.repeat(20)),
  serverFrame(9, 'are you there'),
  serverFrame(2, Buffer.from([1, 2, 3]), { isLast: false }),
  serverFrame(10, 'late'),
  serverFrame(0, '', { isLast: false }),
  serverFrame(0, Buffer.from([4, 5])),
  serverFrame(1, '€'.slice(0, 0), { isLast: false }),
  serverFrame(0, Buffer.from([0xe2, 0x82]), { isLast: false }),
  serverFrame(0, Buffer.from([0xac])),
  serverFrame(1),
  serverFrame(2),
  serverFrame(8, closePayload(4001, 'genug')),
  serverFrame(1, 'after the close frame'),
])
const streamMeans: Found[] = [
  ['text', 'hello'],
  ['text', 'grüße €'.repeat(20)],
  ['ping', Buffer.from('are you there').toString('hex')],
  ['pong', Buffer.from('late').toString('hex')],
  ['binary', '0102030405'],
  ['text', '€'],
  ['text', ''],
  ['binary', ''],
  ['close', 4001, 'genug'],
]

test('a stream in one piece is read whole, and nothing after a close frame', () => {
  assert.deepEqual(readPieces([stream]), streamMeans)
})

test('a stream cut in two anywhere is read the same', () => {
  for (let cut = 1; cut < stream.length; cut++)
    assert.deepEqual(readPieces([stream.subarray(0, cut), stream.subarray(cut)]), streamMeans, `cut at ${cut}`)
})

test('a stream that comes byte by byte is read the same', () => {
  assert.deepEqual(readPieces([...stream].map((byte) => Uint8Array.of(byte))), streamMeans)
})

for (const bytes of [125, 126, 65_535, 65_536, 3_000_000])
  test(`a message of ${bytes} bytes is read, in one piece and in pieces of 64 KiB`, () => {
    const payload = Buffer.alloc(bytes, 'abcdefg')
    const frame = serverFrame(2, payload)
    const pieces = Array.from({ length: Math.ceil(frame.length / 65_536) }, (_, i) =>
      frame.subarray(i * 65_536, (i + 1) * 65_536),
    )
    const expected = [['binary', payload.toString('hex')]]
    assert.deepEqual(readPieces([frame], 4e6), expected)
    assert.deepEqual(readPieces(pieces, 4e6), expected)
  })

test('binary data is all of an ArrayBuffer of its own, whole or in fragments', () => {
  const data: Uint8Array[] = []
  const nothing = () => {}
  const sink = { onText: nothing, onPing: nothing, onPong: nothing, onCloseFrame: nothing, onViolation: nothing }
  const reader = new FrameReader({ ...sink, onBinary: (bytes) => data.push(bytes) }, 1e6)
  const frames = Buffer.concat([serverFrame(2, 'abc'), serverFrame(2, 'abc', { isLast: false }), serverFrame(0, 'de')])
  reader.read(frames, 0, frames.length)
  assert.deepEqual(
    data.map((bytes) => [bytes.byteLength, bytes.byteOffset, bytes.buffer.byteLength]),
    [
      [3, 0, 3],
      [5, 0, 5],
    ],
  )
})

test('U+FFFD and a byte order mark that were really sent are kept', () => {
  assert.deepEqual(readPieces([serverFrame(1, '\ufeffa\ufffdb')]), [['text', '\ufeffa\ufffdb']])
})

test('a reader that is stopped by its sink reads nothing more of the same chunk', () => {
  const texts: string[] = []
  const nothing = () => {}
  const sink = { onBinary: nothing, onPing: nothing, onPong: nothing, onCloseFrame: nothing, onViolation: nothing }
  const onText = (text: string) => {
    texts.push(text)
    reader.stop()
  }
  const reader = new FrameReader({ ...sink, onText }, 100)
  const frames = Buffer.concat([serverFrame(1, 'one'), serverFrame(1, 'two')])
  reader.read(frames, 0, frames.length)
  reader.read(frames, 0, frames.length)
  assert.deepEqual(texts, ['one'])
})

const begin = serverFrame(1, 'a', { isLast: false })
const overlong = (...payload: number[]) => serverFrame(1, Buffer.from(payload))
/** Malformed bytes, the code that the server is told, and why. */
const violations: [why: string, closeCode: number, what: RegExp, bytes: Buffer][] = [
  ['RSV1', 1002, /reserved bit/, serverFrame(1, 'a', { reserved: 4 })],
  ['RSV2', 1002, /reserved bit/, serverFrame(1, 'a', { reserved: 2 })],
  ['RSV3 on a control frame', 1002, /reserved bit/, serverFrame(9, 'a', { reserved: 1 })],
  ['a masked frame', 1002, /masked/, serverFrame(1, 'a', { isMasked: true })],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, number, RegExp, Buffer] => [
    `opcode ${opcode}`,
    1002,
    /is unknown/,
    serverFrame(opcode, 'a'),
  ]),
  ['a fragmented ping', 1002, /fragmented/, serverFrame(9, 'a', { isLast: false })],
  ['a fragmented close', 1002, /fragmented/, serverFrame(8, '', { isLast: false })],
  ['a ping of 126 bytes', 1002, /longer than 125/, serverFrame(9, Buffer.alloc(126))],
  ['a control frame with a long form of its length', 1002, /longer than 125/, serverFrame(9, 'a', { lengthBytes: 2 })],
  ['a 16-bit length below 126', 1002, /shortest form/, serverFrame(1, 'a'.repeat(125), { lengthBytes: 2 })],
  ['a 64-bit length below 65,536', 1002, /shortest form/, serverFrame(1, 'a'.repeat(65_535), { lengthBytes: 8 })],
  ['a continuation of nothing', 1002, /without a message/, serverFrame(0, 'a')],
  [
    'a continuation after a whole message',
    1002,
    /without a message/,
    Buffer.concat([serverFrame(1, 'a'), serverFrame(0)]),
  ],
  ['a message within a message', 1002, /before the last one/, Buffer.concat([begin, serverFrame(1, 'b')])],
  ['a close frame of one byte', 1002, /no valid code/, serverFrame(8, 'a')],
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code): [string, number, RegExp, Buffer] => [
    `close code ${code}`,
    1002,
    /valid code/,
    serverFrame(8, closePayload(code)),
  ]),
  ['a close reason that is not UTF-8', 1007, /reason/, serverFrame(8, closePayload(1000, Uint8Array.of(0xff)))],
  ['a lone continuation byte', 1007, /not UTF-8/, overlong(0x80)],
  ['an overlong slash', 1007, /not UTF-8/, overlong(0xc0, 0xaf)],
  ['a surrogate', 1007, /not UTF-8/, overlong(0xed, 0xa0, 0x80)],
  ['a character beyond U+10FFFF', 1007, /not UTF-8/, overlong(0xf4, 0x90, 0x80, 0x80)],
  ['a character cut off at the end', 1007, /not UTF-8/, overlong(0x61, 0xe2, 0x82)],
  ['a fault beside a real U+FFFD', 1007, /not UTF-8/, overlong(0xef, 0xbf, 0xbd, 0xff)],
  ['a fault across fragments', 1007, /not UTF-8/, Buffer.concat([begin, serverFrame(0, Uint8Array.of(0xe2, 0x82))])],
  ['a message longer than allowed', 1009, /longer than 200000 bytes/, serverFrame(1, 'a'.repeat(200_001))],
  ['fragments longer than allowed', 1009, /longer than/, Buffer.concat([begin, serverFrame(0, 'a'.repeat(200_000))])],
  ['a length of 2^53 and more', 1009, /longer than/, Buffer.from('82ff00ffffffffffffff', 'hex').fill(0x7f, 1, 2)],
]

for (const [why, closeCode, what, bytes] of violations)
  test(`${why} is refused with ${closeCode}, whole or byte by byte, and nothing after it is read`, () => {
    const pieces = [...bytes.subarray(0, 200)].map((byte) => Uint8Array.of(byte))
    for (const cut of [[bytes], [...pieces, bytes.subarray(200)]]) {
      const found = readPieces([...cut, serverFrame(1, 'after')], 200_000).filter(([kind]) => kind !== 'text')
      assert.deepEqual(
        found.map(([kind, code]) => [kind, code]),
        [['violation', closeCode]],
      )
      assert.match(String(found[0]![2]), what)
    }
  })

test('a message of exactly the most bytes is not too long, nor is a control frame within it counted', () => {
  const bytes = Buffer.concat([begin, serverFrame(9, 'x'.repeat(125)), serverFrame(0, 'bcde')])
  assert.deepEqual(readPieces([bytes], 5).at(-1), ['text', 'abcde'])
})

// Its types leave it out.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable }

/** What the independent parser of `ws` finds in the same bytes. */
async function readByWs(bytes: Buffer, maxPayload: number): Promise<Found[]> {
  const found: Found[] = []
  const receiver = new Receiver({ isServer: false, maxPayload, allowSynchronousEvents: true })
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    found.push(isBinary ? ['binary', data.toString('hex')] : ['text', data.toString()]),
  )
  receiver.on('ping', (data: Buffer) => found.push(['ping', data.toString('hex')]))
  receiver.on('pong', (data: Buffer) => found.push(['pong', data.toString('hex')]))
  receiver.on('conclude', (code: number, reason: Buffer) => found.push(['close', code, reason.toString()]))
  receiver.on('error', () => {})
  const error = await new Promise((resolve) => receiver.write(bytes, resolve))
  if (error) found.push(['violation'])
  return found
}

const pick = (random: Random, below: number) => Math.floor(random.uniform() * below)

/** A valid message, as one frame or as fragments with control frames between. */
function randomMessage(random: Random): Buffer {
  const text = Buffer.from('aé€😀'.repeat(pick(random, 3) === 0 ? pick(random, 9000) : pick(random, 14)))
  const frames: Buffer[] = []
  const cuts = Array.from({ length: pick(random, 4) }, () => pick(random, text.length + 1)).sort((a, b) => a - b)
  const ends = [...cuts, text.length]
  ends.forEach((end, i) => {
    const opcode = i > 0 ? 0 : 1 + pick(random, 2)
    frames.push(serverFrame(opcode, text.subarray(ends[i - 1] ?? 0, end), { isLast: i === ends.length - 1 }))
    if (pick(random, 3) === 0) frames.push(serverFrame(9 + pick(random, 2), Buffer.alloc(pick(random, 126), 7)))
  })
  return Buffer.concat(frames)
}

function randomPieces(random: Random, bytes: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  const most = [3, 40, 5000, 70_000][pick(random, 4)]!
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + pick(random, most)
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}

test('random frames in random pieces are read as an independent parser reads them', async () => {
  const random = seededRandom(6455)
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.concat(Array.from({ length: 1 + pick(random, 5) }, () => randomMessage(random)))
    const expected = await readByWs(bytes, 1e6)
    assert.ok(expected.length > 0 && !expected.some(([kind]) => kind === 'violation'))
    assert.deepEqual(readPieces(randomPieces(random, bytes)), expected, `round ${round}`)
  }
})

test('frames with random bytes changed are read, or refused, as an independent parser does', async () => {
  const random = seededRandom(1002)
  let refused = 0
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.concat([
      serverFrame(1, 'añ'),
      begin,
      serverFrame(9, 'p'),
      serverFrame(0, '€'),
      serverFrame(8, closePayload(1000, 'ü')),
    ])
    for (let changes = 1 + pick(random, 2); changes > 0; changes--)
      bytes[pick(random, bytes.length)] = pick(random, 256)
    const found = readPieces(randomPieces(random, bytes), 1000)
    // The other parser takes a length in any form.
    if (found.some(([, , what]) => /shortest form/.test(String(what)))) continue
    if (found.at(-1)?.[0] === 'violation') refused++
    const expected = found.map((event) => (event[0] === 'violation' ? ['violation'] : event))
    assert.deepEqual(expected, await readByWs(bytes, 1000), `round ${round}: ${bytes.toString('hex')}`)
  }
  assert.ok(refused > 500, `${refused} of 3000 were refused`)
})
