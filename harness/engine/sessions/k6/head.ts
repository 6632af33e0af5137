import { canonicalName } from './header-names.ts'

/** The fields of a response head, by the names that Go gives them; one that came more than once is one, with commas. */
export function goHeaders(head: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = canonicalName(line.slice(0, colon))
    const value = line.slice(colon + 1).trim()
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value
  }
  return headers
}
