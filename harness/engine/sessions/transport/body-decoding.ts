import { brotliDecompressSync, constants, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { errorCodes, type RequestFailure } from './failure.ts'

/** A body without its encodings. Where it is broken, `bytes` is the part that could be read; null: not even its beginning. */
export interface DecodedBody {
  bytes: Buffer | null
  failure: RequestFailure | null
}

interface Decoder {
  decode(bytes: Buffer, options?: { finishFlush: number }): Buffer
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
    decode: gunzipSync,
    finishFlush: constants.Z_SYNC_FLUSH,
    headBytes: 10,
    readsHeadFirst: true,
    goMessages: { 'incorrect header check': 'gzip: invalid header', 'incorrect data check': 'gzip: invalid checksum' },
  },
  deflate: {
    decode: inflateSync,
    finishFlush: constants.Z_SYNC_FLUSH,
    headBytes: 2,
    readsHeadFirst: true,
    goMessages: { 'incorrect header check': 'zlib: invalid header', 'incorrect data check': 'zlib: invalid checksum' },
  },
  br: {
    decode: brotliDecompressSync,
    finishFlush: constants.BROTLI_OPERATION_FLUSH,
    headBytes: 0,
    readsHeadFirst: false,
    goMessages: {},
  },
  zstd: {
    decode: zstdDecompressSync,
    finishFlush: constants.ZSTD_e_flush,
    headBytes: 4,
    readsHeadFirst: false,
    goMessages: { 'Unknown frame descriptor': 'invalid input: magic number mismatch' },
  },
}

/** The body of a response whose `Content-Encoding` is this; encodings that are unknown are left as they are. */
export function decodeBody(raw: Buffer, contentEncoding: string): DecodedBody {
  let decoded: DecodedBody = { bytes: raw, failure: null }
  if (contentEncoding === '' || raw.length === 0) return decoded
  // Encodings are listed in the order in which they were applied.
  for (const name of contentEncoding.split(',').reverse()) {
    if (!Object.hasOwn(decoders, name.trim())) continue
    decoded = decodeOne(decoded.bytes!, decoders[name.trim()]!)
    if (decoded.failure !== null) break
  }
  return decoded
}

function decodeOne(raw: Buffer, decoder: Decoder): DecodedBody {
  try {
    return { bytes: decoder.decode(raw), failure: null }
  } catch (error) {
    return brokenBody(raw, decoder, error as Error & { code?: string })
  }
}

/** What k6 makes of it: only a body that broke off behind its head is no matter of its encoding. */
function brokenBody(raw: Buffer, decoder: Decoder, { code, message }: Error & { code?: string }): DecodedBody {
  const { headBytes, readsHeadFirst, finishFlush, goMessages } = decoder
  if (raw.length < headBytes)
    return readsHeadFirst ? { bytes: null, failure: wrong('unexpected EOF') } : { bytes: empty, failure: brokeOff }
  if (code === 'Z_BUF_ERROR') return { bytes: decoder.decode(raw, { finishFlush }), failure: brokeOff }
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
