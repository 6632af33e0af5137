import { bytesOf, ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'

/** Module `k6/encoding`. */
export const encodingModule = lazyModule({
  b64encode: () => b64encode,
  b64decode: () => b64decode,
})

/** One of k6's four: the alphabet of URLs or not, padded or not. A name that is none of them means `std`. */
interface Variant {
  isUrl: boolean
  isPadded: boolean
}

const variants: Record<string, Variant> = {
  std: { isUrl: false, isPadded: true },
  rawstd: { isUrl: false, isPadded: false },
  url: { isUrl: true, isPadded: true },
  rawurl: { isUrl: true, isPadded: false },
}

const variantOf = (name: unknown): Variant => variants[String(name)] ?? variants.std!

function b64encode(input: unknown, encoding?: unknown): string {
  const bytes = bytesOf(input)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { isUrl, isPadded } = variantOf(encoding)
  if (isUrl) {
    const bare = buffer.toString('base64url')
    return isPadded ? bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') : bare
  }
  const padded = buffer.toString('base64')
  return isPadded ? padded : padded.replace(/=+$/, '')
}

/** @param format `s` for text; else the bytes come as an ArrayBuffer */
function b64decode(input: unknown, encoding?: unknown, format?: unknown): string | ArrayBuffer {
  const text = input === undefined || input === null ? '' : String(input)
  const wrongAt = corruptAt(text, variantOf(encoding))
  if (wrongAt >= 0) throw new GoError(`illegal base64 data at input byte ${wrongAt}`)
  const bytes = Buffer.from(text, 'base64')
  return format === 's' ? bytes.toString('utf8') : ownArrayBuffer(bytes)
}

/**
 * Node decodes whatever comes; k6 (Go) is strict and names the place. Line breaks are skipped.
 * @returns the offset that k6 would name, or -1 for text that is well-formed
 */
function corruptAt(text: string, { isUrl, isPadded }: Variant): number {
  const symbol = isUrl ? /[A-Za-z0-9_-]/ : /[A-Za-z0-9+/]/
  const well = isUrl ? /^[A-Za-z0-9_-]*(={0,2})$/ : /^[A-Za-z0-9+/]*(={0,2})$/
  const padding = well.exec(text)?.[1]
  if (padding !== undefined && (isPadded ? text.length % 4 === 0 : padding === '' && text.length % 4 !== 1)) return -1
  let inGroup = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\r' || char === '\n') continue
    if (symbol.test(char)) inGroup = (inGroup + 1) & 3
    else if (char !== '=' || !isPadded || inGroup < 2) return at
    else return paddingCorruptAt(text, at, inGroup)
  }
  return inGroup === 0 || (!isPadded && inGroup > 1) ? -1 : text.length - inGroup
}

/** The first `=` stands at `at`; behind it comes what is missing in its group of four, and then nothing. */
function paddingCorruptAt(text: string, at: number, inGroup: number): number {
  let next = behindBreaks(text, at + 1)
  if (inGroup === 2) {
    if (next === text.length) return next
    if (text.charAt(next) !== '=') return next - 1
    next = behindBreaks(text, next + 1)
  }
  return next < text.length ? next : -1
}

function behindBreaks(text: string, from: number): number {
  let at = from
  while (text.charAt(at) === '\r' || text.charAt(at) === '\n') at++
  return at
}
