import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface CompressArguments {
  text: string
}

/** Sizes in bytes as JSON: `{"bytes": 5, "gzip": 25, "brotli": 9}`, each at its strongest. */
export const compress = ({ text }: CompressArguments): string => {
  const bytes = Buffer.from(text)
  const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)]
  return JSON.stringify({ bytes: bytes.length, gzip: gzip.length, brotli: brotli.length })
}
