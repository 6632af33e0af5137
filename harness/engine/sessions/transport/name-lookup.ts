import * as dns from 'node:dns'
import type { LookupFunction } from 'node:net'

/** k6 keeps a resolved name for five minutes (its `dns.ttl` default). */
const ttlMs = 5 * 60_000
const cache = new Map<string, { addresses: dns.LookupAddress[]; expiresMs: number }>()

/** `lookup` for sockets, cached: ten thousand users must not queue for the resolver's four threads. IPv4 first, as k6. */
export const cachedLookup: LookupFunction = (hostname, options, callback) => {
  const known = cache.get(hostname)
  if (known && known.expiresMs > performance.now()) {
    answer(known.addresses, options.all ?? false, callback)
    return
  }
  dns.lookup(hostname, { all: true, order: 'ipv4first' }, (error, addresses) => {
    if (error) {
      callback(error, [])
      return
    }
    cache.set(hostname, { addresses, expiresMs: performance.now() + ttlMs })
    answer(addresses, options.all ?? false, callback)
  })
}

function answer(addresses: dns.LookupAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  if (all) callback(null, addresses)
  else callback(null, addresses[0]!.address, addresses[0]!.family)
}
