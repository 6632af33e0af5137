import { UserError } from '../../../errors.ts'
import { type Rational, rational, rationalText } from './rational.ts'
import { layOutStripes, type Range, type Stripes } from './stripes.ts'

/**
 * The part of a test that one process runs, as in k6's execution segments. Of everything that the whole test counts
 * (users, iterations, starts of a schedule) it owns some indexes, in stripes; all segments of a sequence together own
 * every index exactly once.
 */
export interface Segment {
  /** How many of the first `total` indexes are its own: its share of so many users or iterations. */
  scale(total: number): number
  /** The index in the whole test of its own nth (from 0). */
  globalIndex(local: number): number
  /**
   * The segment for dividing something among the shares of `value` users: those who have no user get nothing.
   * @returns null when it has none itself
   */
  among(value: number): Segment | null
}

/** The one segment of a test that is not divided. */
export const wholeTest: Segment = {
  scale: (total) => total,
  globalIndex: (local) => local,
  among: (value) => (value > 0 ? wholeTest : null),
}

/** One of so many equal parts. @param index from 0 */
export function equalPart(index: number, count: number): Segment {
  const at = (part: number): Rational => rational(BigInt(part), BigInt(count))
  const parts = Array.from({ length: count }, (_, part) => ({ from: at(part), to: at(part + 1) }))
  return stripedSegment(parts, index)
}

/** A part of a part: several processes that together run what is one segment to everybody else. */
export function partOf(outer: Segment, inner: Segment): Segment {
  return {
    scale: (total) => inner.scale(outer.scale(total)),
    globalIndex: (local) => outer.globalIndex(inner.globalIndex(local)),
    among(value) {
      const around = outer.among(value)
      const within = inner.among(outer.scale(value))
      return around && within && partOf(around, within)
    },
  }
}

/**
 * One of several parts that together are the whole, without gaps.
 * @throws UserError where the parts have no common denominator to work with
 */
export function stripedSegment(parts: readonly Range[], index: number): Segment {
  if (parts.length === 1) return wholeTest
  const stripes = layOutStripes(parts)
  if (stripes === null)
    throw new UserError(
      `execution segment sequence ${sequenceText(parts)}: its parts have no small common denominator; use simpler fractions`,
    )
  return segmentOn(index, stripes)
}

function segmentOn(index: number, stripes: Stripes): Segment {
  const { cycle, owned } = stripes
  const own = owned[index]!
  const segment: Segment = {
    scale: (total) => shareOf(total, cycle, own),
    globalIndex: (local) => Math.floor(local / own.length) * cycle + own[local % own.length]!,
    among(value) {
      if (segment.scale(value) === 0) return null
      return value % cycle === 0 ? segment : amongUsers(value, index, stripes)
    },
  }
  return segment
}

/** How many of the first `total` indexes lie on the stripes `own`. */
function shareOf(total: number, cycle: number, own: readonly number[]): number {
  const rest = total % cycle
  const position = own.findIndex((owned) => owned >= rest)
  return Math.floor(total / cycle) * own.length + (position < 0 ? own.length : position)
}

/** Parts as long as their numbers of users, in the same order; parts without any fall out. */
function amongUsers(value: number, index: number, { cycle, owned }: Stripes): Segment {
  const shares = owned.map((own) => shareOf(value, cycle, own))
  const parts: Range[] = []
  let before = 0
  for (const share of shares) {
    const end = before + share
    if (share > 0)
      parts.push({ from: rational(BigInt(before), BigInt(value)), to: rational(BigInt(end), BigInt(value)) })
    before = end
  }
  return stripedSegment(parts, shares.slice(0, index).filter((share) => share > 0).length)
}

/** `0,1/4,1/2,1` */
export const sequenceText = (parts: readonly Range[]): string =>
  [parts[0]!.from, ...parts.map(({ to }) => to)].map(rationalText).join(',')
