/** What a script's handleSummary() wants written: by path, or to stdout or stderr. */
export type Summaries = Record<string, string | Uint8Array>

/**
 * Reads what handleSummary() returned, which may be anything.
 * @returns null where it wants the usual text
 * @throws Error with k6's words for what cannot be written
 */
export function readSummaries(returned: unknown): Summaries | null {
  if (returned === undefined || returned === null) return null
  if (typeof returned !== 'object' || Array.isArray(returned))
    throw new Error('handleSummary() should return a map with string keys')
  return Object.fromEntries(Object.entries(returned).map(([path, content]) => [path, readContent(path, content)]))
}

function readContent(path: string, content: unknown): string | Uint8Array {
  if (typeof content === 'string') return content
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
  // The script's own realm may have an ArrayBuffer of its own.
  if (Object.prototype.toString.call(content) === '[object ArrayBuffer]') return new Uint8Array(content as ArrayBuffer)
  throw new Error(
    `error handling summary object ${path}: invalid type ${typeof content}, it needs to be a string or ArrayBuffer`,
  )
}
