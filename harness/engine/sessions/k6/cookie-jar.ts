import { parseUrl, type UrlParts, UrlSyntaxError } from '../transport/url.ts'
import type { VirtualUser } from '../users/vu.ts'
import { type CookiePair, CookieStore } from './cookie-store.ts'
import { GoError } from './go-error.ts'
import { parseCookieDate, plainCookie, type SetCookie } from './set-cookie.ts'

/** Cookies as a script handles them: `new http.CookieJar()`, or the user's own by `http.cookieJar()`. */
export class CookieJar {
  readonly #store: CookieStore

  constructor(store?: unknown) {
    this.#store = store instanceof CookieStore ? store : new CookieStore()
  }

  /** The cookies behind a value that a script gave as a jar; null where it is none. */
  static storeOf(value: unknown): CookieStore | null {
    return typeof value === 'object' && value !== null && #store in value ? value.#store : null
  }

  /** By name; several of one name are from several paths. */
  cookiesForURL(url: string): Record<string, string[]> {
    return byName(this.#store.for(readUrl(url)), ([, value]) => value)
  }

  set(url: string, name: string, value: unknown, options?: unknown): boolean {
    const parts = readUrl(url)
    const cookie = plainCookie(String(name), value === undefined ? '' : String(value))
    if (options !== undefined && options !== null) readOptions(cookie, options)
    this.#store.set(parts, [cookie])
    return true
  }

  /** Takes away what a request for `url` would carry, and has no path of its own. */
  clear(url: string): null {
    const parts = readUrl(url)
    this.#store.set(
      parts,
      this.#store.for(parts).map(([name]) => ({ ...plainCookie(name, ''), maxAge: -1 })),
    )
    return null
  }

  delete(url: string, name: string): null {
    if (name === '' || name === undefined) throw new GoError('cookie: is null')
    this.#store.set(readUrl(url), [{ ...plainCookie(String(name), ''), maxAge: -1 }])
    return null
  }
}

/** The list of that name, made where it is missing; a cookie may be named like a member of every object. */
export function listFor<T>(lists: Record<string, T[]>, name: string): T[] {
  if (!Object.hasOwn(lists, name))
    Object.defineProperty(lists, name, { value: [], enumerable: true, configurable: true, writable: true })
  return lists[name]!
}

/** Groups cookies by their names, in order. */
export function byName<T>(pairs: readonly CookiePair[], show: (pair: CookiePair) => T): Record<string, T[]> {
  const groups: Record<string, T[]> = {}
  for (const pair of pairs) {
    listFor(groups, pair[0]).push(show(pair))
  }
  return groups
}

function readUrl(url: unknown): UrlParts {
  try {
    return parseUrl(String(url))
  } catch (error) {
    throw error instanceof UrlSyntaxError ? new GoError(error.message) : error
  }
}

function readOptions(cookie: SetCookie, options: object): void {
  for (const [key, value] of Object.entries(options)) {
    switch (key.toLowerCase()) {
      case 'path':
        cookie.path = String(value)
        break
      case 'domain':
        cookie.domain = String(value)
        break
      case 'expires':
        cookie.expiresMs = readExpires(String(value))
        break
      case 'max_age':
        cookie.maxAge = Math.trunc(Number(value)) || 0
        break
      case 'secure':
        cookie.secure = Boolean(value)
        break
      case 'http_only':
        cookie.httpOnly = Boolean(value)
        break
    }
  }
}

function readExpires(text: string): number | null {
  if (text === '') return null
  const ms = parseCookieDate(text)
  if (ms === null || text.includes('-'))
    throw new GoError(
      `unable to parse "expires" date string "${text}": parsing time "${text}" as "Mon, 02 Jan 2006 15:04:05 MST"`,
    )
  return ms
}

/** The user's cookies; made when they are first needed. */
export function cookiesOf(user: VirtualUser): CookieStore {
  user.cookies ??= new CookieStore()
  return user.cookies
}
