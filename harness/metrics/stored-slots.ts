import { inflateSync } from 'node:zlib'
import { UserError } from '../errors.ts'
import { Histogram, type Slots } from './histogram.ts'

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
  const inflated = inflateSync(Buffer.from(data, 'base64').subarray(cookieAndLength))
  const view = new DataView(inflated.buffer, inflated.byteOffset, inflated.byteLength)
  const [digits, lowest] = [view.getInt32(12), Number(view.getBigInt64(16))]
  if (digits !== 3 || lowest !== 1) {
    throw new UserError(
      `a stored histogram has ${digits} significant digits from ${lowest} on: expected 3 from 1 on, as weir writes them. The record was written by another program or is damaged`,
    )
  }
  return readCounts(inflated.subarray(headerBytes, headerBytes + view.getInt32(4)))
}

const cookieAndLength = 8
const headerBytes = 40

function readCounts(bytes: Uint8Array): Slots {
  const indexes: number[] = []
  const times: number[] = []
  let index = 0
  for (let at = 0; at < bytes.length; ) {
    const { value, next } = readZigZag(bytes, at)
    at = next
    if (value < 0) index -= value
    else {
      if (value > 0) {
        indexes.push(index)
        times.push(value)
      }
      index++
    }
  }
  return { indexes: Uint32Array.from(indexes), times: Float64Array.from(times) }
}

/** Seven bits a byte, the lowest first; the ninth byte has all eight. Sums instead of shifts, which end at 32 bits. */
function readZigZag(bytes: Uint8Array, from: number): { value: number; next: number } {
  let sum = 0
  let weight = 1
  for (let at = from; ; at++) {
    const byte = bytes[at] ?? 0
    const isLast = byte < 128 || at === from + 8
    sum += (at === from + 8 ? byte : byte & 127) * weight
    weight *= 128
    if (isLast) return { value: sum % 2 === 0 ? sum / 2 : -(sum + 1) / 2, next: at + 1 }
  }
}

/** Several histograms as one. */
export function mergedHistogram(data: readonly string[]): Histogram {
  const merged = new Histogram()
  for (const each of data) merged.addSlots(storedSlots(each))
  return merged
}
