/** A URL taken apart into what the wire needs. Immutable and cached: scripts ask for few URLs, many times. */
export interface Endpoint {
  /** `http://host:port`: what connections are pooled by. */
  origin: string
  isTls: boolean
  hostname: string
  port: number
  /** For the Host header: with the port unless it is the scheme's own. */
  host: string
  /** Path and query as they go on the request line. */
  path: string
  href: string
  username: string
  password: string
}

export class InvalidUrl extends Error {
  override name = 'InvalidUrl'
}

const cacheLimit = 4096
const cache = new Map<string, Endpoint>()

/** @throws InvalidUrl when it is not an absolute http or https URL */
export function endpointOf(url: string): Endpoint {
  const known = cache.get(url)
  if (known) return known
  const endpoint = parse(url)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(url, endpoint)
  return endpoint
}

function parse(text: string): Endpoint {
  if (!URL.canParse(text))
    throw new InvalidUrl(`invalid URL ${JSON.stringify(text)}: expected one like http://host/path`)
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InvalidUrl(`unsupported protocol scheme "${url.protocol.slice(0, -1)}" in ${JSON.stringify(text)}`)
  }
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  return {
    origin: `${url.protocol}//${url.hostname}:${port}`,
    isTls,
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port,
    host: url.host,
    path: url.pathname + url.search,
    href: text,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}
