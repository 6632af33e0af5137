/**
 * Values by host name, as k6's `hosts` and `blockHostnames` have it: `name`, `name:port`, or `*` in front of the end of
 * a name. Letter case does not count; a whole name goes before a pattern, a longer pattern before a shorter one.
 */
export class HostPatterns<T> {
  private readonly whole = new Map<string, T>()
  private readonly ends: { end: string; value: T }[] = []

  constructor(entries: Iterable<readonly [pattern: string, value: T]>) {
    for (const [pattern, value] of entries) {
      const name = pattern.toLowerCase()
      if (name.startsWith('*')) this.ends.push({ end: name.slice(1), value })
      else this.whole.set(name, value)
    }
    this.ends.sort((a, b) => b.end.length - a.end.length)
  }

  get size(): number {
    return this.whole.size + this.ends.length
  }

  find(name: string): T | undefined {
    const wanted = name.toLowerCase()
    return this.whole.get(wanted) ?? this.ends.find(({ end }) => wanted.endsWith(end))?.value
  }
}

const label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?'
const hostname = `(\\*\\.?)?(${label}(\\.${label})*)?`
const hostnamePattern = new RegExp(`^${hostname}$`, 'i')
const hostPattern = new RegExp(`^${hostname}(:\\d{1,5})?$`, 'i')

/** A name, or `*`, or `*.` or `*` before the end of a name. */
export const isHostnamePattern = (text: string): boolean => hostnamePattern.test(text)

/** The same, and a port behind it. */
export const isHostPattern = (text: string): boolean => hostPattern.test(text)
