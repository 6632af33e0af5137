import type { EchoServer } from '../support/echo-server.ts'

/** Text without what differs from run to run: ports, the name of the program, the order of keys that k6 leaves to chance. */
export const steadyText = (text: string, { port, tlsPort }: EchoServer): string =>
  text
    .replaceAll(`:${port}`, ':PORT')
    .replaceAll(`:${tlsPort}`, ':TLSPORT')
    .replaceAll(/(Grafana k6|weir)\/[\d.]+/g, 'DEFAULT')

/** A text that ends in JSON, its objects with their keys in order: k6 keeps objects in maps, which have none. */
export function withSortedKeys(text: string): string {
  const start = text.search(/[{[]/)
  if (start < 0) return text
  try {
    return text.slice(0, start) + JSON.stringify(JSON.parse(text.slice(start)), sortKeys)
  } catch {
    return text
  }
}

const sortKeys = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
