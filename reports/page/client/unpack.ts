import { fromBase85 } from '../../data/base85.ts'
import { unpackNumbers } from '../../data/packed-numbers.ts'
import { page } from './browser.ts'

/** What `pack.ts` wrote into the element of this id; null where the page has none. */
export async function unpack<T>(id: string): Promise<T | null> {
  const text = page.document.getElementById(id)?.textContent
  if (!text) return null
  const inflated = new Blob([fromBase85(text)]).stream().pipeThrough(new DecompressionStream('deflate'))
  return unpackNumbers(new Uint8Array(await new Response(inflated).arrayBuffer())) as T
}
