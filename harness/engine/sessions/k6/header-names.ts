const cacheLimit = 1024
const cache = new Map<string, string>()

/** What may be the name of a header or a method. */
export const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)

/** `content-type` as Go writes it: `Content-Type`. What is no header name stays as it is. */
export function canonicalName(name: string): string {
  const known = cache.get(name)
  if (known !== undefined) return known
  const canonical = isToken(name) ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()) : name
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(name, canonical)
  return canonical
}
