import { inflateSync } from 'node:zlib'
import { UserError } from '../errors.ts'
import type { Slots } from './histogram.ts'

/**
 * Reads a histogram in the standard encoding (HdrHistogram V2, deflated, base64) as the slots that are used: a hundredth of
 * the work of decoding all that there could be, of which most are empty. A report reads thousands.
 *
 *   cookie 4 | length 4 | deflated: cookie 4 | length 4 | offset 4 | digits 4 | lowest 8 | highest 8 | ratio 8 | counts
 *
 * Counts are ZigZag LEB128; a negative one says how many empty slots follow.
 *
 * @throws UserError where its slots are not those of `Histogram`: three digits, from one on
 */
export function storedSlots(data: string): Slots {
  const inflated = inflateSync(fromBase64(data).subarray(cookieAndLength), { chunkSize })
  const view = new DataView(inflated.buffer, inflated.byteOffset, inflated.byteLength)
  const [digits, lowest] = [view.getInt32(12), Number(view.getBigInt64(16))]
  if (digits !== 3 || lowest !== 1) {
    throw new UserError(
      `a stored histogram has ${digits} significant digits from ${lowest} on: expected 3 from 1 on, as weir writes them. The record was written by another program or is damaged`,
    )
  }
  return readCounts(inflated.subarray(headerBytes, headerBytes + view.getInt32(4)))
}

/** Many are smaller when they are inflated; of a chunk of zlib's own 16 KB nearly all is thrown away. */
const chunkSize = 1024
const cookieAndLength = 8
const headerBytes = 40

// Written to by every reading, which keeps a copy of what it needs: buffers of their own, as short as their lives are, would be
// collected late, since little of the heap goes with them.
let encoded = Buffer.alloc(chunkSize)
let [indexes, times] = [new Uint32Array(chunkSize), new Float64Array(chunkSize)]
let counts = new Float64Array(chunkSize)

function fromBase64(data: string): Buffer {
  const most = Buffer.byteLength(data, 'base64')
  if (most > encoded.length) encoded = Buffer.alloc(most)
  return encoded.subarray(0, encoded.write(data, 'base64'))
}

function readCounts(bytes: Uint8Array): Slots {
  // No count takes less than a byte.
  if (bytes.length > indexes.length) [indexes, times] = [new Uint32Array(bytes.length), new Float64Array(bytes.length)]
  let [used, index] = [0, 0]
  for (let at = 0; at < bytes.length; ) {
    const isShort = bytes[at]! < 128
    const end = isShort ? at + 1 : endOfZigZag(bytes, at)
    const value = unZigZag(isShort ? bytes[at]! : sumOfZigZag(bytes, at, end))
    at = end
    if (value < 0) index -= value
    else {
      if (value > 0) {
        indexes[used] = index
        times[used++] = value
      }
      index++
    }
  }
  return { indexes: indexes.slice(0, used), times: times.slice(0, used) }
}

const longest = 9

function endOfZigZag(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < from + longest - 1 && bytes[at]! >= 128) at++
  return at + 1
}

/** Seven bits a byte, the lowest first; the ninth byte has all eight. Sums instead of shifts, which end at 32 bits. */
function sumOfZigZag(bytes: Uint8Array, from: number, end: number): number {
  let sum = 0
  for (let at = end - 1; at >= from; at--) {
    const byte = bytes[at] ?? 0
    sum = sum * 128 + (at === from + longest - 1 ? byte : byte & 127)
  }
  return sum
}

const unZigZag = (sum: number): number => (sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2)

/** Several histograms' slots as those of one. */
export function mergedSlots(all: readonly Slots[]): Slots {
  if (all.length === 1) return all[0]!
  const length = Math.max(0, ...all.map((each) => (each.indexes.at(-1) ?? -1) + 1))
  if (length > counts.length) counts = new Float64Array(length)
  counts.fill(0, 0, length)
  for (const one of all) for (let at = 0; at < one.indexes.length; at++) counts[one.indexes[at]!]! += one.times[at]!
  if (length > indexes.length) [indexes, times] = [new Uint32Array(length), new Float64Array(length)]
  let used = 0
  for (let index = 0; index < length; index++) {
    if (counts[index] === 0) continue
    indexes[used] = index
    times[used++] = counts[index]!
  }
  return { indexes: indexes.slice(0, used), times: times.slice(0, used) }
}
