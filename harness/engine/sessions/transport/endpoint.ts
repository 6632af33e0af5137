import { domainToASCII } from 'node:url'
import { errorCodes, type RequestFailure } from './failure.ts'
import { decodedText, formatUrl, parseUrl, quote, type UrlParts, UrlSyntaxError } from './url.ts'

/** A URL taken apart into what the wire needs. Immutable and cached: scripts ask for few URLs, many times. */
export interface Endpoint {
  /** `http://host:port`: what connections are pooled by. */
  origin: string
  isTls: boolean
  hostname: string
  port: number
  /** For the Host header: with the port if the URL has one. */
  host: string
  /** Path and query as they go on the request line: bytes as latin1. */
  path: string
  /** The URL as k6 writes it: the path encoded, the rest as it was. */
  href: string
  /** The same for tags: without the name and password that it may hold. */
  cleanHref: string
  /** As the script wrote it. */
  text: string
  username: string
  password: string
  parts: UrlParts
  /** Why nothing can be sent to it: another scheme, no host, no such port. */
  problem: RequestFailure | null
}

/** A text that is no URL: no request is made of it. */
export class InvalidUrl extends Error {
  override name = 'InvalidUrl'
  /** k6's `error_code`. */
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

/** A URL that no request can be sent to. In k6 the request fails, and is counted. */
export class UnusableUrl extends InvalidUrl {
  override name = 'UnusableUrl'
  readonly endpoint: Endpoint

  constructor(problem: RequestFailure, endpoint: Endpoint) {
    super(problem.message, problem.code)
    this.endpoint = endpoint
  }
}

const cacheLimit = 4096
const cache = new Map<string, Endpoint>()

/**
 * @throws UnusableUrl when it is not an absolute http or https URL
 * @throws InvalidUrl when it is none at all
 */
export function endpointOf(url: string): Endpoint {
  const known = cache.get(url)
  if (known) return known
  const endpoint = toEndpoint(parse(url), url)
  if (endpoint.problem !== null) throw new UnusableUrl(endpoint.problem, endpoint)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(url, endpoint)
  return endpoint
}

function parse(text: string): UrlParts {
  try {
    return parseUrl(text)
  } catch (error) {
    if (!(error instanceof UrlSyntaxError)) throw error
    throw new InvalidUrl(`invalid URL: ${error.message}`, errorCodes.invalidUrl)
  }
}

/** @param text the URL as it was written */
export function toEndpoint(parts: UrlParts, text: string): Endpoint {
  const { scheme, userinfo, host, path, query } = parts
  const [, name = '', portText = ''] = /^(.*?)(?::(\d*))?$/.exec(host ?? '') ?? []
  const isTls = scheme === 'https'
  const ascii = asciiName(name)
  const hostname = ascii.toLowerCase()
  const port = portText === '' ? (isTls ? 443 : 80) : Number(portText)
  return {
    origin: `${scheme}://${hostname}:${port}`,
    isTls,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port,
    host: portText === '' ? ascii : `${ascii}:${portText}`,
    path: Buffer.from(`${path === '' ? '/' : path}${query === null ? '' : `?${query}`}`, 'utf8').toString('latin1'),
    href: formatUrl(parts),
    cleanHref: formatUrl({
      ...parts,
      userinfo: userinfo === null ? null : userinfo.includes(':') ? '****:****' : '****',
    }),
    text,
    username: decodedText(userinfo?.split(':', 1)[0] ?? ''),
    password: decodedText(userinfo?.split(':').slice(1).join(':') ?? ''),
    parts,
    problem: problemOf(scheme, host, port),
  }
}

function problemOf(scheme: string, host: string | null, port: number): RequestFailure | null {
  if (scheme !== 'http' && scheme !== 'https')
    return { message: `unsupported protocol scheme ${quote(scheme)}`, code: errorCodes.generic }
  if (host === null || host === '') return { message: 'http: no Host in request URL', code: errorCodes.generic }
  if (port > 65535) return { message: `dial tcp: address ${port}: invalid port`, code: errorCodes.dialGeneric }
  return null
}

/** Names with other letters than ASCII go over the wire as punycode. */
const asciiName = (name: string): string => (/[\u0080-\uffff]/.test(name) ? domainToASCII(name) : name)
