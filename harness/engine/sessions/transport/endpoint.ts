import { errorCodes } from './failure.ts'

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
  /** k6's `error_code`. */
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
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
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme !== 'http' && scheme !== 'https')
    throw new InvalidUrl(`unsupported protocol scheme "${scheme}" in ${JSON.stringify(text)}`, errorCodes.generic)
  if (!URL.canParse(text)) {
    const message = `invalid URL ${JSON.stringify(text)}: expected one like http://host/path`
    throw new InvalidUrl(message, errorCodes.invalidUrl)
  }
  const url = new URL(text)
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
