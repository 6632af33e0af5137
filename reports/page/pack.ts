import { deflate, type ZlibOptions } from 'node:zlib'
import { toBase85 } from '../data/base85.ts'
import { packNumbers } from '../data/packed-numbers.ts'
import { type Html, html, raw } from '../html.ts'

const deflated = (bytes: Uint8Array, options: ZlibOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    deflate(bytes, options, (error, result) => (error ? reject(error) : resolve(result)))
  })

/**
 * A value for the page’s script, as a data block of deflated bytes in base 85 (see `packed-numbers.ts`): a fraction of its JSON, and
 * no character of a record that could end the block. `client/unpack.ts` reads it. Deflated on another thread, while this one may
 * go on.
 *
 * @param id of the block's element
 */
export async function packed(id: string, value: unknown): Promise<Html> {
  const bytes = packNumbers(value)
  // A piece of the usual 16 KB would wait until this thread takes it.
  const block = await deflated(bytes, { level: 9, chunkSize: Math.max(smallestChunk, bytes.length) })
  return html`<script type="text/plain" id="${id}">${raw(toBase85(block))}</script>`
}

const smallestChunk = 1024
