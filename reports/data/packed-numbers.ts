import { DistinctArrays, type Member } from './distinct-arrays.ts'

/**
 * JSON of which most is numbers, in a third of the bytes that deflated text of it takes: each array of numbers is written as whole
 * multiples of a power of ten, in as few bytes as they need, all first bytes together, then all second ones, those of small numbers
 * before those of large ones: deflate has one code for neighbours. What is not a number of few digits stays JSON, and everything
 * comes back as it was.
 *
 * The bytes: length of the JSON (4, the lowest first), the JSON, then the arrays' bytes by their place in the number.
 */

/** How one array is written: numbers in order, so that thousands of them stay short. `bits`: of a member, on average. */
type Layout = [length: number, exponent: number, base: number, width: number, isDelta: 0 | 1, bits: number]

interface Written {
  value: unknown
  layouts: Layout[]
}

/** A shorter array is left as it is. */
const shortest = 8
/** More bytes than these for a number are no gain. */
const mostBytes = 4
const exponents = { least: -9, most: 9 }
/** In place of numbers: what is not one. */
const [isNull, isFalse, firstCode] = [0, 1, 2]
/** Stands for an array: its place, or the places of its columns. */
const mark = '#'

/** @param value as JSON can tell it */
export function packNumbers(value: unknown): Uint8Array {
  const arrays = new Arrays()
  const written: Written = { value: arrays.withoutNumbers(value), layouts: arrays.layouts }
  const json = new TextEncoder().encode(JSON.stringify(written))
  const planes = planesOf(arrays.layouts, arrays.codes)
  const bytes = new Uint8Array(4 + json.length + planes.length)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  bytes.set(planes, 4 + json.length)
  return bytes
}

/** What `packNumbers` was given. */
export function unpackNumbers(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const { value, layouts } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Written
  return withNumbers(value, decoded(layouts, bytes.subarray(4 + length)))
}

/** The arrays of a value, those that are alike once. */
class Arrays {
  readonly layouts: Layout[] = []
  /** Of each what is written for its members. */
  readonly codes: number[][] = []
  readonly #known = new DistinctArrays<number | null>()

  /** The value with a mark in place of each array of numbers, or of rows of numbers. */
  withoutNumbers(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return this.#marked(value) ?? value.map((each) => this.withoutNumbers(each))
    const entries = Object.entries(value).map(([key, each]) => [key, this.withoutNumbers(each)] as const)
    // One of their own is told as it is.
    return Object.hasOwn(value, mark) ? { [mark]: null, entries } : Object.fromEntries(entries)
  }

  #marked(array: readonly unknown[]): unknown {
    if (array.length < shortest) return null
    if (array.every(isMember)) {
      const place = this.#placeOf(array)
      return place === null ? null : { [mark]: place }
    }
    if (!areRows(array)) return null
    const places = array[0]!.map((_, column) => this.#placeOf(array.map((row) => row[column]!)))
    return places.includes(null) ? null : { [mark]: places }
  }

  #placeOf(array: readonly Member[]): number | null {
    return this.#known.placeOf(array, () => {
      const written = encoded(array)
      if (!written) return null
      this.codes.push(written.codes)
      return this.layouts.push(written.layout) - 1
    })
  }
}

const isMember = (value: unknown): value is Member =>
  value === null || value === false || (typeof value === 'number' && Number.isFinite(value))

/** Rows of as many numbers each. */
const areRows = (array: readonly unknown[]): array is Member[][] => {
  const [first] = array
  if (!Array.isArray(first) || first.length === 0) return false
  return array.every((row) => Array.isArray(row) && row.length === first.length && row.every(isMember))
}

/** Null where its numbers have too many digits, or lie too far apart. */
function encoded(array: readonly Member[]): { layout: Layout; codes: number[] } | null {
  const numbers = array.filter((each) => typeof each === 'number')
  const exponent = exponentOf(numbers)
  if (exponent === null) return null
  const wholes = array.map((each) => (typeof each === 'number' ? wholeOf(each, exponent) : each))
  const least = numbers.reduce((low, each) => Math.min(low, wholeOf(each, exponent)), Number.POSITIVE_INFINITY)
  const base = numbers.length === 0 ? 0 : least
  const plain = wholes.map((each) => codeOf(each, (whole) => whole - base))
  let before = base
  const delta = wholes.map((each) =>
    codeOf(each, (whole) => {
      const step = whole - before
      before = whole
      // Small steps down are small numbers, too.
      return step < 0 ? -2 * step - 1 : 2 * step
    }),
  )
  const isDelta = bytesOf(delta) <= bytesOf(plain) && bitsOf(delta) < bitsOf(plain)
  const codes = isDelta ? delta : plain
  const width = bytesOf(codes)
  if (width > mostBytes || !Number.isSafeInteger(base)) return null
  return { layout: [array.length, exponent, base, width, isDelta ? 1 : 0, roundedBits(codes)], codes }
}

const codeOf = (each: Member, ofNumber: (whole: number) => number): number =>
  each === null ? isNull : each === false ? isFalse : firstCode + ofNumber(each)

/** Of the largest. */
const bytesOf = (codes: readonly number[]): number =>
  Math.ceil(Math.log2(codes.reduce((most, code) => Math.max(most, code), firstCode) + 1) / 8)

/** Of all together: what is left of them when they are deflated follows from it. */
const bitsOf = (codes: readonly number[]): number => codes.reduce((sum, code) => sum + Math.log2(code + 1), 0)

/** In steps that are worth another place: tenths. */
const roundedBits = (codes: readonly number[]): number => Math.round((10 * bitsOf(codes)) / codes.length) / 10

/** The largest power of ten of which all are whole multiples; null where there is none that gives them back as they are. */
function exponentOf(numbers: readonly number[]): number | null {
  for (let exponent = exponents.most; exponent >= exponents.least; exponent--)
    if (numbers.every((each) => numberOf(wholeOf(each, exponent), exponent) === each)) return exponent
  return null
}

const powers = Array.from({ length: Math.max(exponents.most, -exponents.least) + 1 }, (_, power) => 10 ** power)

const wholeOf = (value: number, exponent: number): number =>
  Math.round(exponent < 0 ? value * powers[-exponent]! : value / powers[exponent]!)

/** Dividing by a power of ten gives the number that the decimal text means: both are exact, and the quotient is the nearest. */
const numberOf = (whole: number, exponent: number): number =>
  exponent < 0 ? whole / powers[-exponent]! : whole * powers[exponent]!

function planesOf(layouts: readonly Layout[], codes: readonly number[][]): Uint8Array {
  const sizes = layouts.reduce((sum, [length, , , width]) => sum + length * width, 0)
  const bytes = new Uint8Array(sizes)
  const order = bySize(layouts)
  let at = 0
  for (let plane = 0; plane < mostBytes; plane++)
    for (const array of order)
      if (plane < layouts[array]![3]) for (const code of codes[array]!) bytes[at++] = (code >>> (8 * plane)) & 255
  return bytes
}

/** Places in the order in which the arrays' bytes are written. */
const bySize = (layouts: readonly Layout[]): number[] =>
  [...layouts.keys()].sort((one, other) => layouts[one]![5] - layouts[other]![5])

function decoded(layouts: readonly Layout[], bytes: Uint8Array): Member[][] {
  const codes = layouts.map(([length]) => new Uint32Array(length))
  const order = bySize(layouts)
  let at = 0
  for (let plane = 0; plane < mostBytes; plane++)
    for (const array of order) {
      const [length, , , width] = layouts[array]!
      const own = codes[array]!
      if (plane < width) for (let member = 0; member < length; member++) own[member]! |= bytes[at++]! << (8 * plane)
    }
  return layouts.map((layout, array) => membersOf(layout, codes[array]!))
}

function membersOf([, exponent, base, , isDelta]: Layout, codes: Uint32Array): Member[] {
  let before = base
  return Array.from(codes, (code) => {
    if (code < firstCode) return code === isNull ? null : false
    const written = code - firstCode
    if (isDelta) before += written % 2 === 0 ? written / 2 : -(written + 1) / 2
    return numberOf(isDelta ? before : base + written, exponent)
  })
}

function withNumbers(value: unknown, arrays: readonly Member[][]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withNumbers(each, arrays))
  if (!isMarked(value)) return membersWithNumbers(Object.entries(value), arrays)
  const marked = value[mark]
  if (marked === null) return membersWithNumbers(value.entries!, arrays)
  if (typeof marked === 'number') return arrays[marked]!
  const columns = marked.map((place) => arrays[place]!)
  return columns[0]!.map((_, row) => columns.map((column) => column[row]))
}

const membersWithNumbers = (entries: [string, unknown][], arrays: readonly Member[][]) =>
  Object.fromEntries(entries.map(([key, each]) => [key, withNumbers(each, arrays)]))

interface Marked {
  [mark]: number | number[] | null
  /** Where the object itself had such a key. */
  entries?: [string, unknown][]
}

const isMarked = (value: object): value is Marked => Object.hasOwn(value, mark)
