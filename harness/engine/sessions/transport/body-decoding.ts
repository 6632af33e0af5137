import { promisify } from 'node:util'
import {
  brotliDecompress,
  brotliDecompressSync,
  constants,
  gunzip,
  gunzipSync,
  inflate,
  inflateSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib'
import { errorCodes, type RequestFailure } from './failure.ts'

/** A body without its encodings. Where it is broken, `bytes` is the part that could be read; null: not even its beginning. */
export interface DecodedBody {
  bytes: Buffer | null
  failure: RequestFailure | null
}

interface Bounds {
  maxOutputLength: number
  chunkSize?: number
  finishFlush?: number
}

interface Decoder {
  atOnce(bytes: Buffer, bounds: Bounds): Buffer
  aside(bytes: Buffer, bounds: Bounds): Promise<Buffer>
  /** With it the decoder gives what there is of a body that broke off. */
  finishFlush: number
  /** Without so many bytes nothing can be said of what follows. */
  headBytes: number
  /** To Go it is a mistake of its own when the head is wrong, and there is no body then. */
  readsHeadFirst: boolean
  /** What Go says, by what Node says; k6 says it twice. */
  goMessages: Record<string, string>
}

const decoders: Record<string, Decoder> = {
  gzip: {
    atOnce: gunzipSync,
    aside: promisify<Buffer, Bounds, Buffer>(gunzip),
    finishFlush: constants.Z_SYNC_FLUSH,
    headBytes: 10,
    readsHeadFirst: true,
    goMessages: { 'incorrect header check': 'gzip: invalid header', 'incorrect data check': 'gzip: invalid checksum' },
  },
  deflate: {
    atOnce: inflateSync,
    aside: promisify<Buffer, Bounds, Buffer>(inflate),
    finishFlush: constants.Z_SYNC_FLUSH,
    headBytes: 2,
    readsHeadFirst: true,
    goMessages: { 'incorrect header check': 'zlib: invalid header', 'incorrect data check': 'zlib: invalid checksum' },
  },
  br: {
    atOnce: brotliDecompressSync,
    aside: promisify<Buffer, Bounds, Buffer>(brotliDecompress),
    finishFlush: constants.BROTLI_OPERATION_FLUSH,
    headBytes: 0,
    readsHeadFirst: false,
    goMessages: {},
  },
  zstd: {
    atOnce: zstdDecompressSync,
    aside: promisify<Buffer, Bounds, Buffer>(zstdDecompress),
    finishFlush: constants.ZSTD_e_flush,
    headBytes: 4,
    readsHeadFirst: false,
    goMessages: { 'Unknown frame descriptor': 'invalid input: magic number mismatch' },
  },
}

/** Asks whoever goes through it to decode this. */
interface Step {
  decoder: Decoder
  raw: Buffer
  /** Where the part is wanted that could be read. */
  options?: { finishFlush: number }
}

type Steps = Generator<Step, DecodedBody, Buffer>

/**
 * The body of a response whose `Content-Encoding` is this; encodings that are unknown are left as they are.
 * @param atOnce bytes, packed and unpacked
 * @returns null for what is too long to be decoded at once
 */
export function decodeBody(raw: Buffer, contentEncoding: string, atOnce: number): DecodedBody | null {
  const steps = decodingOf(raw, contentEncoding)
  let next = steps.next()
  if (!next.done && raw.length > atOnce) return null
  while (!next.done) {
    const { decoder, raw, options } = next.value
    let bytes: Buffer
    try {
      bytes = decoder.atOnce(raw, { maxOutputLength: atOnce, ...options })
    } catch (error) {
      if (isTooLong(error)) return null
      next = steps.throw(error)
      continue
    }
    next = steps.next(bytes)
  }
  return next.value
}

/**
 * As `decodeBody`, on other threads.
 * @param maxOutputLength of every encoding, bytes
 * @returns null for what comes to more
 */
export async function decodeAside(
  raw: Buffer,
  contentEncoding: string,
  maxOutputLength: number,
): Promise<DecodedBody | null> {
  const steps = decodingOf(raw, contentEncoding)
  let next = steps.next()
  while (!next.done) {
    const { decoder, raw, options } = next.value
    let bytes: Buffer
    try {
      bytes = await decoder.aside(raw, { maxOutputLength, chunkSize, ...options })
    } catch (error) {
      if (isTooLong(error)) return null
      next = steps.throw(error)
      continue
    }
    next = steps.next(bytes)
  }
  return next.value
}

/** Each piece is a turn of the event loop. */
const chunkSize = 256 * 1024

const isTooLong = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'

function* decodingOf(raw: Buffer, contentEncoding: string): Steps {
  let decoded: DecodedBody = { bytes: raw, failure: null }
  if (contentEncoding === '' || raw.length === 0) return decoded
  // Encodings are listed in the order in which they were applied.
  for (const name of contentEncoding.split(',').reverse()) {
    if (!Object.hasOwn(decoders, name.trim())) continue
    decoded = yield* decodeOne(decoded.bytes!, decoders[name.trim()]!)
    if (decoded.failure !== null) break
  }
  return decoded
}

function* decodeOne(raw: Buffer, decoder: Decoder): Steps {
  try {
    return { bytes: yield { decoder, raw }, failure: null }
  } catch (error) {
    return yield* brokenBody(raw, decoder, error as Error & { code?: string })
  }
}

/** What k6 makes of it: only a body that broke off behind its head is no matter of its encoding. */
function* brokenBody(raw: Buffer, decoder: Decoder, { code, message }: Error & { code?: string }): Steps {
  const { headBytes, readsHeadFirst, finishFlush, goMessages } = decoder
  if (raw.length < headBytes)
    return readsHeadFirst ? { bytes: null, failure: wrong('unexpected EOF') } : { bytes: empty, failure: brokeOff }
  if (code === 'Z_BUF_ERROR') return { bytes: yield { decoder, raw, options: { finishFlush } }, failure: brokeOff }
  const said = goMessages[message]
  const failure = said === undefined ? wrong(brotliFault(code) ?? message) : wrong(wrong(said).message)
  return { bytes: readsHeadFirst ? null : empty, failure }
}

const empty = Buffer.alloc(0)

const brokeOff: RequestFailure = { message: 'unexpected EOF', code: errorCodes.generic }

const wrong = (what: string): RequestFailure => ({
  message: `error decompressing response body (${what})`,
  code: errorCodes.decompression,
})

/** `brotli: PADDING_1`: the two implementations have the same names for what is wrong. */
function brotliFault(code: string | undefined): string | null {
  const name = /^ERR__ERROR_FORMAT_(\w+)$/.exec(code ?? '')?.[1]
  return name === undefined ? null : `brotli: ${name}`
}
