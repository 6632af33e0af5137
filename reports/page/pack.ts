import { deflateSync } from 'node:zlib'
import { packNumbers } from '../data/packed-numbers.ts'
import { type Html, html, raw } from '../html.ts'

/**
 * A value for the page’s script, as a data block of deflated bytes in base64 (see `packed-numbers.ts`): a fraction of its JSON, and
 * no character of a record that could end the block. `client/unpack.ts` reads it.
 *
 * @param id of the block's element
 */
export function packed(id: string, value: unknown): Html {
  const deflated = deflateSync(packNumbers(value), { level: 9 })
  return html`<script type="text/plain" id="${id}">${raw(deflated.toString('base64'))}</script>`
}
