import { UserError } from '../../../errors.ts'
import { compare, one, parseRational, type Rational, rationalText, zero } from './rational.ts'
import { type Segment, sequenceText, stripedSegment } from './segment.ts'
import type { Range } from './stripes.ts'

/**
 * The segment that k6's options `executionSegment` and `executionSegmentSequence` describe.
 * @param segment `1/3:2/3`, `0.25:50%`; one value alone begins at 0; nothing is the whole
 * @param sequence `0,1/3,2/3,1`; nothing is the segment itself with what lies beside it
 * @throws UserError as k6 words it
 */
export function parseSegment(segment: string | undefined, sequence?: string): Segment {
  const range = segment === undefined || segment === '' ? { from: zero, to: one } : parseRange(segment)
  const parts = filled(sequence === undefined || sequence === '' ? [range] : parseSequence(sequence))
  const index = parts.findIndex(({ from, to }) => compare(from, range.from) === 0 && compare(to, range.to) === 0)
  if (index < 0)
    throw new UserError(`provided segment ${rangeText(range)} can't be found in sequence ${sequenceText(parts)}`)
  return stripedSegment(parts, index)
}

function parseRange(text: string): Range {
  const [first, ...rest] = text.split(':')
  const from = rest.length > 0 ? parsePoint(first!) : zero
  return checkedRange(from, parsePoint(rest.length > 0 ? rest.join(':') : first!))
}

function parseSequence(text: string): Range[] {
  const points = text.split(',').map(parsePoint)
  if (points.length < 2)
    throw new UserError(
      `at least 2 points are needed for an execution segment sequence, ${points.length} given ("${text}"). Write them as 0,1/2,1`,
    )
  return points.slice(1).map((to, index) => checkedRange(points[index]!, to))
}

function parsePoint(text: string): Rational {
  const value = parseRational(text)
  if (value === null) throw new UserError(`'${text}' is not a valid percentage, decimal, fraction or interval value`)
  return value
}

function checkedRange(from: Rational, to: Rational): Range {
  if (compare(from, zero) < 0)
    throw new UserError(`segment start value must be at least 0 but was ${rationalText(from)}`)
  if (compare(from, to) >= 0)
    throw new UserError(`segment start(${rationalText(from)}) must be less than its end(${rationalText(to)})`)
  if (compare(to, one) > 0) throw new UserError(`segment end value can't be more than 1 but was ${rationalText(to)}`)
  return { from, to }
}

/** With what is missing at the beginning and the end. */
function filled(parts: readonly Range[]): Range[] {
  const { from } = parts[0]!
  const { to } = parts.at(-1)!
  return [
    ...(compare(from, zero) === 0 ? [] : [{ from: zero, to: from }]),
    ...parts,
    ...(compare(to, one) === 0 ? [] : [{ from: to, to: one }]),
  ]
}

const rangeText = ({ from, to }: Range): string => `${rationalText(from)}:${rationalText(to)}`
