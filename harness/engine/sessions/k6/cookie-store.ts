import { isIP } from 'node:net'
import type { UrlParts } from '../transport/url.ts'
import type { SetCookie } from './set-cookie.ts'

interface StoredCookie {
  name: string
  value: string
  domain: string
  path: string
  hostOnly: boolean
  secure: boolean
  expiresMs: number
}

/** Name and value as they are sent. */
export type CookiePair = readonly [name: string, value: string]

/**
 * The cookies of one user, by the rules of Go's cookie jar without a list of public suffixes, which is k6's: longest
 * paths first, then the oldest; secure cookies also go to the loopback; what is invalid is passed over without a word.
 * A user has few cookies, so one small map is searched as a whole.
 */
export class CookieStore {
  private readonly cookies = new Map<string, StoredCookie>()

  /** Takes what a response from `url` sets. */
  set(url: UrlParts, cookies: readonly SetCookie[]): void {
    const host = hostOf(url)
    if (host === null) return
    const nowMs = Date.now()
    for (const cookie of cookies) this.setOne(cookie, host, url.path, nowMs)
  }

  private setOne(cookie: SetCookie, host: string, urlPath: string, nowMs: number): void {
    const scope = scopeOf(host, cookie.domain)
    if (scope === null) return
    const path = cookie.path.startsWith('/') ? cookie.path : folderOf(urlPath)
    const key = `${scope.domain};${path};${cookie.name}`
    const expiresMs = expiryOf(cookie, nowMs)
    if (expiresMs <= nowMs) this.cookies.delete(key)
    // One that is there already keeps its place.
    else {
      const { name, value, secure } = cookie
      this.cookies.set(key, { name, value, path, secure, expiresMs, ...scope })
    }
  }

  /** What goes with a request for `url`, in the order in which it is sent. */
  for(url: UrlParts): CookiePair[] {
    if (this.cookies.size === 0) return []
    const host = hostOf(url)
    if (host === null) return []
    const nowMs = Date.now()
    const path = url.path === '' ? '/' : url.path
    const fitting: StoredCookie[] = []
    for (const [key, cookie] of this.cookies) {
      if (cookie.expiresMs <= nowMs) this.cookies.delete(key)
      else if (isFor(cookie, url.scheme, host, path)) fitting.push(cookie)
    }
    if (fitting.length > 1) fitting.sort((a, b) => (a.path === b.path ? 0 : a.path < b.path ? 1 : -1))
    return fitting.map(({ name, value }) => [name, value] as const)
  }
}

/** null where no cookies are kept. */
function hostOf({ scheme, host }: UrlParts): string | null {
  if ((scheme !== 'http' && scheme !== 'https') || host === null) return null
  const name = host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase()
  return name.startsWith('[') ? name.slice(1, -1) : name
}

function expiryOf({ maxAge, expiresMs }: SetCookie, nowMs: number): number {
  if (maxAge !== 0) return maxAge < 0 ? Number.NEGATIVE_INFINITY : nowMs + maxAge * 1000
  return expiresMs ?? Number.POSITIVE_INFINITY
}

/** Which hosts a cookie goes back to; null where `host` may not set it. */
function scopeOf(host: string, attribute: string): { domain: string; hostOnly: boolean } | null {
  if (attribute === '') return { domain: host, hostOnly: true }
  if (isIP(host) !== 0) return host === attribute ? { domain: host, hostOnly: true } : null
  const domain = attribute.replace(/^\./, '').toLowerCase()
  if (domain === '' || domain.startsWith('.') || domain.endsWith('.')) return null
  if (host !== domain && !host.endsWith(`.${domain}`)) return null
  return { domain, hostOnly: false }
}

/** The folder of a path, which is where a cookie belongs that names no path. */
function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 || !path.startsWith('/') ? '/' : path.slice(0, slash)
}

function isFor(cookie: StoredCookie, scheme: string, host: string, path: string): boolean {
  const hostFits = host === cookie.domain || (!cookie.hostOnly && host.endsWith(`.${cookie.domain}`))
  return hostFits && pathFits(cookie.path, path) && (!cookie.secure || scheme === 'https' || isLoopback(cookie.domain))
}

const pathFits = (folder: string, path: string): boolean =>
  path === folder || (path.startsWith(folder) && (folder.endsWith('/') || path[folder.length] === '/'))

const isLoopback = (host: string): boolean =>
  /(^|\.)localhost$/.test(host) || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** `a=1; b="2 3"`: what cannot stand in a value is left out, as Go does. */
export const cookieHeader = (pairs: readonly CookiePair[]): string => pairs.map(cookieText).join('; ')

function cookieText([name, value]: CookiePair): string {
  const sane = value.replace(/[^\x20-\x7e]|["\\;]/g, '')
  return `${name.replace(/[\r\n]/g, '-')}=${/[ ,]/.test(sane) ? `"${sane}"` : sane}`
}

/** Reads a Cookie header again, as `response.request.cookies` shows it. */
export function readCookieHeader(header: string): CookiePair[] {
  return header.split(';').flatMap((part) => {
    const [name = '', ...value] = part.trim().split('=')
    const text = value.join('=')
    return name.trim() === '' ? [] : [[name.trim(), /^"(.*)"$/.exec(text)?.[1] ?? text] as const]
  })
}
