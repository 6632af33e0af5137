import { unpackNumbers } from '../../data/packed-numbers.ts'
import { page } from './browser.ts'

/** What `pack.ts` wrote into the element of this id; null where the page has none. */
export async function unpack<T>(id: string): Promise<T | null> {
  const base64 = page.document.getElementById(id)?.textContent
  if (!base64) return null
  const text = atob(base64)
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  return unpackNumbers(new Uint8Array(await new Response(inflated).arrayBuffer())) as T
}
