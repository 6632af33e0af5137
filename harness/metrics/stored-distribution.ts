import { unzlibSync } from 'fflate'
import { UserError } from '../errors.ts'
import { highestOf, rankOf } from './histogram.ts'

/** What was recorded, ready to be asked for many percentiles: each is a look-up, where `Histogram` counts all slots again. */
export interface Distribution {
  count: number
  /** As that of `Histogram`. */
  percentile(percent: number): number
}

/**
 * Reads histograms in the standard encoding (HdrHistogram V2, deflated, base64), all together, at a hundredth of the work of
 * decoding each. A report reads thousands: all are read into the same memory, so that the distribution is lent while `read` runs.
 *
 *   cookie 4 | length 4 | deflated: cookie 4 | length 4 | offset 4 | digits 4 | lowest 8 | highest 8 | ratio 8 | counts
 *
 * Counts are ZigZag LEB128; a negative one says how many empty slots follow.
 *
 * @throws UserError where the slots are not those of `Histogram`: three digits, from one on
 */
export function withDistribution<Read>(stored: readonly string[], read: (distribution: Distribution) => Read): Read {
  let length = 0
  for (const data of stored) length = addCounts(countsIn(data), length)
  for (let slot = 1; slot < length; slot++) upTo[slot]! += upTo[slot - 1]!
  const count = length === 0 ? 0 : upTo[length - 1]!
  return read({ count, percentile: (percent) => (count === 0 ? 0 : highestOf(slotOf(rankOf(percent, count), length))) })
}

// Written to by every reading: buffers of their own, as short as their lives are, would be collected late, since little of the
// heap goes with them.
let encoded = Buffer.alloc(1024)
let inflated = Buffer.alloc(4096)
/** How many values each slot holds and, once all are read, those before it. */
let upTo = new Float64Array(1024)

/** The first slot with which so many values are reached. */
function slotOf(rank: number, length: number): number {
  let [low, high] = [0, length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo[middle]! < rank) low = middle + 1
    else high = middle
  }
  return low
}

function countsIn(data: string): Buffer {
  const deflated = fromBase64(data).subarray(cookieAndLength)
  let whole = inflate(deflated)
  const length = headerBytes + whole.readInt32BE(4)
  if (length > inflated.length) {
    inflated = Buffer.alloc(length)
    whole = inflate(deflated)
  }
  const [digits, lowest] = [whole.readInt32BE(12), Number(whole.readBigInt64BE(16))]
  if (digits !== 3 || lowest !== 1) {
    throw new UserError(
      `a stored histogram has ${digits} significant digits from ${lowest} on: expected 3 from 1 on, as weir writes them. The record was written by another program or is damaged`,
    )
  }
  return whole.subarray(headerBytes, length)
}

/** Not with Node's zlib: what it makes for each is thrown away late, 5 KB of it. What does not fit is cut off. */
function inflate(deflated: Buffer): Buffer {
  const { length } = unzlibSync(deflated, { out: inflated })
  return inflated.subarray(0, length)
}

const cookieAndLength = 8
const headerBytes = 40

function fromBase64(data: string): Buffer {
  const most = Buffer.byteLength(data, 'base64')
  if (most > encoded.length) encoded = Buffer.alloc(most)
  return encoded.subarray(0, encoded.write(data, 'base64'))
}

/** @param before slots that were counted before; returns how many are with these */
function addCounts(bytes: Buffer, before: number): number {
  let counted = before
  for (let at = 0, slot = 0; at < bytes.length; ) {
    const isShort = bytes[at]! < 128
    const end = isShort ? at + 1 : endOfZigZag(bytes, at)
    const value = unZigZag(isShort ? bytes[at]! : sumOfZigZag(bytes, at, end))
    at = end
    if (value < 0) {
      slot -= value
      continue
    }
    if (value > 0) {
      if (slot >= counted) {
        clear(counted, slot + 1)
        counted = slot + 1
      }
      upTo[slot]! += value
    }
    slot++
  }
  return counted
}

/** Takes away what an earlier reading left in slots that this one comes to. */
function clear(from: number, to: number): void {
  if (to > upTo.length) {
    const longer = new Float64Array(2 ** Math.ceil(Math.log2(to)))
    longer.set(upTo.subarray(0, from))
    upTo = longer
  } else upTo.fill(0, from, to)
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
