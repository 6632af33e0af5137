import { deflateSync } from 'node:zlib'
import { type Html, html, raw } from '../html.ts'

/**
 * A value for the page’s script, as a data block of deflated JSON in base64: a fraction of the JSON, and no character of a
 * record that could end the block. `client/unpack.ts` reads it.
 *
 * @param id of the block's element
 */
export function packed(id: string, value: unknown): Html {
  const deflated = deflateSync(JSON.stringify(value), { level: 9 })
  return html`<script type="text/plain" id="${id}">${raw(deflated.toString('base64'))}</script>`
}
