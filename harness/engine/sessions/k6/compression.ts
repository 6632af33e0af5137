import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { RefusedRequest } from './refused-request.ts'

const compressors: Record<string, (bytes: Uint8Array) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  zstd: zstdCompressSync,
  br: brotliCompressSync,
}

/**
 * The parameter `compression`: one name or several with commas, applied in that order.
 * @throws RefusedRequest
 */
export function readCompressions(raw: unknown): string[] {
  const text = String(raw).trim()
  if (text === '') return []
  const names = text.split(',').map((name) => name.trim())
  const stranger = names.find((name) => !Object.hasOwn(compressors, name))
  if (stranger !== undefined)
    throw new RefusedRequest(
      `unknown compression algorithm ${stranger}, supported algorithms are [${Object.keys(compressors).join(' ')}]`,
    )
  return names
}

export const compress = (bytes: Uint8Array, names: readonly string[]): Uint8Array =>
  names.reduce((packed, name) => compressors[name]!(packed), bytes)
