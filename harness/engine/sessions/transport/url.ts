/**
 * URLs as k6 (Go) reads and writes them, which is not how browsers do: a path keeps its dots and its upper case, a
 * query goes over the wire as it was written.
 */

/** A URL in its parts. `path`, `query` and `fragment` are encoded as they are sent; null where there is none. */
export interface UrlParts {
  /** Lower case; empty for a relative reference. */
  scheme: string
  /** `name:password` as it was written, without the @. */
  userinfo: string | null
  /** With the port, as it was written; null where the URL has no authority. */
  host: string | null
  path: string
  query: string | null
  fragment: string | null
  /** What stands behind the scheme where that is no path: `x` of `http:x`. */
  opaque: string
}

/** What is wrong with a URL, in Go's words: `parse "http://[x/": missing ']' in host`. */
export class UrlSyntaxError extends Error {
  override name = 'UrlSyntaxError'
}

/** @throws UrlSyntaxError */
export function parseUrl(text: string): UrlParts {
  const hash = text.indexOf('#')
  const whole = hash < 0 ? text : text.slice(0, hash)
  try {
    return { ...parseBeforeFragment(whole), fragment: hash < 0 ? null : encoded(text.slice(hash + 1), fragmentChars) }
  } catch (error) {
    if (!(error instanceof UrlSyntaxError)) throw error
    throw new UrlSyntaxError(`parse ${quote(whole)}: ${error.message}`)
  }
}

function parseBeforeFragment(text: string): UrlParts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) throw new UrlSyntaxError('net/url: invalid control character in URL')
  if (text.startsWith(':')) throw new UrlSyntaxError('missing protocol scheme')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  const [rest, query] = cut(scheme === '' ? text : text.slice(scheme.length + 1), '?')
  const parts: UrlParts = { scheme, userinfo: null, host: null, path: '', query, fragment: null, opaque: '' }
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...parts, opaque: rest }
    if (rest.split('/', 1)[0]!.includes(':')) throw new UrlSyntaxError('first path segment in URL cannot contain colon')
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///')))
    return { ...parts, path: encoded(rest, pathChars) }
  const slash = rest.indexOf('/', 2)
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash)
  return { ...parts, ...parseAuthority(authority), path: slash < 0 ? '' : encoded(rest.slice(slash), pathChars) }
}

function cut(text: string, separator: string): [before: string, after: string | null] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
}

function parseAuthority(authority: string): { userinfo: string | null; host: string } {
  const at = authority.lastIndexOf('@')
  const userinfo = at < 0 ? null : authority.slice(0, at)
  const host = authority.slice(at + 1)
  checkHost(host)
  if (userinfo !== null) {
    if (!/^[-A-Za-z0-9._:~!$&'()*+,;=%@]*$/.test(userinfo)) throw new UrlSyntaxError('net/url: invalid userinfo')
    checkEscapes(userinfo)
  }
  return { userinfo, host }
}

function checkHost(host: string): void {
  const closing = host.lastIndexOf(']')
  if (host.startsWith('[') && closing < 0) throw new UrlSyntaxError("missing ']' in host")
  const colon = host.startsWith('[') ? closing + 1 : host.lastIndexOf(':')
  const port = colon < 0 ? '' : host.slice(colon)
  if (!/^(:\d*)?$/.test(port)) throw new UrlSyntaxError(`invalid port ${quote(port)} after host`)
  checkEscapes(host)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rest of ASCII, to be told apart from other letters
  const strange = /[\x00-\x7f]/g
  for (const [char] of host.matchAll(strange)) {
    if (!/[-A-Za-z0-9._~!$&'()*+,;=:[\]<>"%]/.test(char))
      throw new UrlSyntaxError(`invalid character ${quote(char)} in host name`)
  }
}

function checkEscapes(text: string): void {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)
  if (bad) throw new UrlSyntaxError(`invalid URL escape ${quote(bad[0])}`)
}

/** What may stand in a part without being encoded, and what is left alone where all has to be encoded anew. */
interface PartChars {
  valid: RegExp
  kept: RegExp
}
const pathChars: PartChars = { valid: /^[-A-Za-z0-9._~$&+,/:;=@!'()*[\]%]*$/, kept: /[-A-Za-z0-9._~$&+,/:;=@]/ }
const fragmentChars: PartChars = {
  valid: /^[-A-Za-z0-9._~$&+,/:;=?@!'()*[\]%]*$/,
  kept: /[-A-Za-z0-9._~$&+,/:;=?@!()*]/,
}

/** As it stands where all of it is valid; else decoded and encoded as a whole. */
function encoded(text: string, chars: PartChars): string {
  checkEscapes(text)
  if (chars.valid.test(text)) return text
  let result = ''
  for (const byte of decodedBytes(text)) {
    const char = String.fromCharCode(byte)
    result += byte < 128 && chars.kept.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}

function decodedBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  return Buffer.from(
    bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** A name or password of a URL, decoded. */
export const decodedText = (text: string): string => decodedBytes(text).toString('utf8')

/** The URL as text again. */
export function formatUrl({ scheme, userinfo, host, path, query, fragment, opaque }: UrlParts): string {
  let text = scheme === '' ? '' : `${scheme}:`
  if (opaque !== '') text += opaque
  else {
    if (host !== null && (scheme === '' || host !== '' || path !== '' || userinfo !== null)) text += '//'
    if (userinfo !== null) text += `${userinfo}@`
    text += `${host ?? ''}${path}`
  }
  if (query !== null) text += `?${query}`
  return fragment === null || fragment === '' ? text : `${text}#${fragment}`
}

/** What a reference (a `Location`) means on a page with the URL `base` (RFC 3986, 5.2). */
export function resolveUrl(base: UrlParts, reference: UrlParts): UrlParts {
  if (reference.scheme !== '' || reference.host !== null) {
    const scheme = reference.scheme === '' ? base.scheme : reference.scheme
    return { ...reference, scheme, path: withoutDots(reference.path) }
  }
  const { scheme, userinfo, host } = base
  const inherited = { ...reference, scheme, userinfo, host }
  if (reference.path !== '') {
    const folder = base.path.slice(0, base.path.lastIndexOf('/') + 1)
    return {
      ...inherited,
      path: withoutDots(reference.path.startsWith('/') ? reference.path : `${folder}${reference.path}`),
    }
  }
  return { ...inherited, path: withoutDots(base.path), query: reference.query ?? base.query }
}

function withoutDots(path: string): string {
  if (path === '') return ''
  const kept: string[] = []
  const segments = path.replace(/^\//, '').split('/')
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  const last = segments.at(-1)
  if (last === '.' || last === '..') kept.push('')
  return `/${kept.join('/')}`
}

/** Text in quotes as Go's %q writes it. */
export const quote = (text: string): string =>
  JSON.stringify(text)
    .replace(/\\u00([0-9a-f]{2})/g, '\\x$1')
    .replace(/\x7f/g, '\\x7f')
