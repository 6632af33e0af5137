import { isToken } from './header-names.ts'

/** A cookie as a `Set-Cookie` line gives it; what the line leaves out is empty. */
export interface SetCookie {
  name: string
  value: string
  domain: string
  path: string
  httpOnly: boolean
  secure: boolean
  /** Seconds; 0: not given, -1: gone at once. */
  maxAge: number
  /** Epoch ms; null: not given. */
  expiresMs: number | null
}

export const plainCookie = (name: string, value: string): SetCookie => ({
  name,
  value,
  domain: '',
  path: '',
  httpOnly: false,
  secure: false,
  maxAge: 0,
  expiresMs: null,
})

/** All cookies that a response head sets, in its order; lines that are no cookies are passed over, as Go does. */
export function readSetCookies(head: string): SetCookie[] {
  const cookies: SetCookie[] = []
  for (const [, line] of head.matchAll(/\r\nset-cookie:([^\r\n]*)/gi)) {
    const cookie = parseSetCookie(line!.trim())
    if (cookie !== null) cookies.push(cookie)
  }
  return cookies
}

const valueChars = /^[\x20-\x7e]*$/
const isValue = (text: string): boolean => valueChars.test(text) && !/["\\;]/.test(text)

function parseSetCookie(line: string): SetCookie | null {
  const [pair = '', ...attributes] = line.split(';')
  const equals = pair.indexOf('=')
  const name = pair.slice(0, equals).trim()
  const value = withoutQuotes(pair.slice(equals + 1).trimEnd())
  if (equals < 0 || !isToken(name) || !isValue(value)) return null
  const cookie = plainCookie(name, value)
  for (const attribute of attributes) readAttribute(cookie, attribute.trim())
  return cookie
}

const withoutQuotes = (text: string): string => /^"(.*)"$/.exec(text)?.[1] ?? text

function readAttribute(cookie: SetCookie, attribute: string): void {
  const equals = attribute.indexOf('=')
  const value = equals < 0 ? '' : attribute.slice(equals + 1)
  if (!isValue(value)) return
  switch ((equals < 0 ? attribute : attribute.slice(0, equals)).toLowerCase()) {
    case 'domain':
      cookie.domain = value
      break
    case 'path':
      cookie.path = value
      break
    case 'secure':
      cookie.secure = true
      break
    case 'httponly':
      cookie.httpOnly = true
      break
    case 'max-age':
      // Go takes no leading zeros.
      if (/^(0|-\d+|\+?[1-9]\d*)$/.test(value)) cookie.maxAge = Number(value) > 0 ? Number(value) : -1
      break
    case 'expires':
      cookie.expiresMs = parseCookieDate(value)
      break
  }
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const date = /^(?:mon|tue|wed|thu|fri|sat|sun), (\d\d)([ -])([a-z]{3})\2(\d{4}) (\d\d):(\d\d):(\d\d) [a-z]{3,5}$/i

/** `Wed, 09 Jun 2055 10:18:14 GMT`, or with dashes: the two forms that Go takes. @returns epoch ms, or null */
export function parseCookieDate(text: string): number | null {
  const [, day, , monthName = '', year, hour, minute, second] = date.exec(text) ?? []
  const month = months.indexOf(monthName.toLowerCase())
  if (month < 0) return null
  const [d, h, m, s] = [day, hour, minute, second].map(Number) as [number, number, number, number]
  const ms = Date.UTC(Number(year), month, d, h, m, s)
  return new Date(ms).getUTCDate() === d && h < 24 && m < 60 && s < 60 ? ms : null
}
