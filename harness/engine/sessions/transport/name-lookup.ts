import * as dns from 'node:dns'
import { isIPv4 } from 'node:net'

/** k6's `dns` option. */
export interface DnsRules {
  /** How long an answer is kept; 0 asks anew for every connection. */
  ttlMs: number
  /** Which of several addresses a connection takes. */
  select: 'first' | 'random' | 'roundRobin'
  policy: 'preferIPv4' | 'preferIPv6' | 'onlyIPv4' | 'onlyIPv6' | 'any'
}

export const defaultDns: DnsRules = { ttlMs: 5 * 60_000, select: 'random', policy: 'preferIPv4' }

type Callback = (error: Error | null, address: string) => void
type Resolve = (hostname: string, callback: (error: Error | null, addresses: string[]) => void) => void

interface Entry {
  addresses: string[]
  expiresMs: number
  /** Of `roundRobin`. */
  taken: number
}

/** The system's names, all addresses of one, in the system's order. */
const systemResolve: Resolve = (hostname, callback) =>
  dns.lookup(hostname, { all: true, order: 'verbatim' }, (error, found) =>
    callback(error, found?.map(({ address }) => address) ?? []),
  )

/** Looks names up for all users of a process, each name once at a time: ten thousand must not queue for four threads. */
export class NameLookup {
  private readonly rules: DnsRules
  private readonly resolve: Resolve
  private readonly known = new Map<string, Entry>()
  private readonly waiting = new Map<string, Callback[]>()

  constructor(rules: DnsRules, resolve: Resolve = systemResolve) {
    this.rules = rules
    this.resolve = resolve
  }

  /** Calls back with one address of the name, or with an error whose code is that of `dns.lookup`. */
  find(hostname: string, callback: Callback): void {
    const entry = this.known.get(hostname)
    if (entry && entry.expiresMs > performance.now()) {
      callback(null, this.select(entry))
      return
    }
    const waiting = this.waiting.get(hostname)
    if (waiting) {
      waiting.push(callback)
      return
    }
    this.waiting.set(hostname, [callback])
    this.resolve(hostname, (error, addresses) => this.answer(hostname, error, addresses))
  }

  private answer(hostname: string, error: Error | null, found: string[]): void {
    const callbacks = this.waiting.get(hostname) ?? []
    this.waiting.delete(hostname)
    const addresses = this.applyPolicy(found)
    if (error || addresses.length === 0) {
      const reason = error ?? Object.assign(new Error(`lookup ${hostname}: no such host`), { code: 'ENOADDRESS' })
      for (const callback of callbacks) callback(reason, '')
      return
    }
    const taken = this.known.get(hostname)?.taken ?? 0
    const entry = { addresses, expiresMs: performance.now() + this.rules.ttlMs, taken }
    this.known.set(hostname, entry)
    for (const callback of callbacks) callback(null, this.select(entry))
  }

  private select(entry: Entry): string {
    const { addresses } = entry
    if (this.rules.select === 'first' || addresses.length === 1) return addresses[0]!
    if (this.rules.select === 'roundRobin') return addresses[entry.taken++ % addresses.length]!
    return addresses[Math.floor(Math.random() * addresses.length)]!
  }

  private applyPolicy(addresses: string[]): string[] {
    const { policy } = this.rules
    if (policy === 'any') return addresses
    const [v4, v6] = [addresses.filter(isIPv4), addresses.filter((address) => !isIPv4(address))]
    const [wanted, other] = policy.endsWith('IPv4') ? [v4, v6] : [v6, v4]
    return wanted.length > 0 || policy.startsWith('only') ? wanted : other
  }
}
