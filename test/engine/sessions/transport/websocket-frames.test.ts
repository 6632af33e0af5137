import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  copyRandom,
  encodeClosePayload,
  encodeFrame,
  isWireCloseCode,
} from '../../../../harness/engine/sessions/transport/websocket-frames.ts'

const unmask = (frame: Buffer, payloadAt: number) =>
  frame.subarray(payloadAt).map((byte, i) => byte ^ frame[payloadAt - 4 + (i % 4)]!)

const heads: [bytes: number, head: number[]][] = [
  [0, [0x82, 0x80]],
  [125, [0x82, 0xfd]],
  [126, [0x82, 0xfe, 0, 126]],
  [65_535, [0x82, 0xfe, 0xff, 0xff]],
  [65_536, [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]],
]

for (const [bytes, head] of heads)
  test(`a frame of ${bytes} bytes has its length in the shortest form, and its payload back when unmasked`, () => {
    const payload = Buffer.alloc(bytes, 'weir')
    const frame = encodeFrame(2, payload)
    assert.deepEqual([...frame.subarray(0, head.length)], head)
    assert.deepEqual(Buffer.from(unmask(frame, head.length + 4)), payload)
  })

test('a text frame counts the bytes of its UTF-8, not its characters', () => {
  const text = 'ß€😀'.repeat(14)
  const frame = encodeFrame(1, text)
  assert.deepEqual([...frame.subarray(0, 4)], [0x81, 0xfe, 0, 126])
  assert.equal(Buffer.from(unmask(frame, 8)).toString(), text)
})

test('every frame has a key of its own, over more frames than one draw of random bytes serves', () => {
  const keys = new Set(Array.from({ length: 3000 }, () => encodeFrame(1, '').readUInt32BE(2)))
  assert.ok(keys.size > 2990, `${keys.size} different keys in 3000 frames`)
})

test('random bytes are written where they were asked for and nowhere else', () => {
  const bytes = Buffer.alloc(40)
  copyRandom(bytes, 4, 32)
  assert.ok(bytes.subarray(4, 36).some((byte) => byte !== 0))
  assert.deepEqual([bytes.readUInt32BE(0), bytes.readUInt32BE(36)], [0, 0])
})

test('a close payload is empty without a code, else the code and the reason', () => {
  assert.deepEqual([...encodeClosePayload(undefined, '')], [])
  assert.deepEqual([...encodeClosePayload(1000, 'é')], [3, 232, 0xc3, 0xa9])
})

test('only the codes that stand for a frame may stand in one', () => {
  const edges = [999, 1000, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 1016, 2999, 3000, 4999, 5000]
  assert.deepEqual(edges.filter(isWireCloseCode), [1000, 1003, 1007, 1014, 3000, 4999])
})
