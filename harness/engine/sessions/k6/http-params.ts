import { parseDurationMs } from '../../../metrics/duration.ts'
import type { ResponseType } from '../transport/exchange.ts'
import { NotProvided } from './not-provided.ts'
import { canonicalName } from './response.ts'
import { checkTags } from './tags.ts'

/** Says whether a status counts as a success (`http_req_failed`). */
export type ResponseCallback = (status: number) => boolean

/** A request's settings, checked. */
export interface RequestParams {
  /** By their names as Go writes them (`Content-Type`), in the script's order. */
  headers: Readonly<Record<string, string>>
  tags: Record<string, string> | null
  timeoutMs: number
  responseType: ResponseType | null
  redirects: number | null
  /** undefined: the user's default. null: do not judge. */
  responseCallback: ResponseCallback | null | undefined
}

const defaultTimeoutMs = 60_000

export const noParams: RequestParams = {
  headers: {},
  tags: null,
  timeoutMs: defaultTimeoutMs,
  responseType: null,
  redirects: null,
  responseCallback: undefined,
}

const known = new Set(['headers', 'tags', 'timeout', 'responseType', 'redirects', 'responseCallback', 'auth'])

/** Scripts pass the same constant object again and again: read it once, as long as nobody can have changed it. */
export function readParams(raw: unknown): RequestParams {
  if (raw === undefined || raw === null) return noParams
  if (typeof raw !== 'object') throw new TypeError(`params: expected an object, found ${typeof raw}`)
  const params = raw as Record<string, unknown>
  for (const name in params) {
    if (!known.has(name)) {
      throw new NotProvided(`params.${name}`, ` (it has: ${[...known].join(', ')})`)
    }
  }
  checkAuth(params.auth)
  return {
    headers: readHeaders(params.headers),
    tags: readTags(params.tags),
    timeoutMs:
      params.timeout === undefined ? defaultTimeoutMs : parseDurationMs(params.timeout as string, 'params.timeout'),
    responseType: readResponseType(params.responseType),
    redirects: params.redirects === undefined ? null : Number(params.redirects),
    responseCallback: params.responseCallback as ResponseCallback | null | undefined,
  }
}

function readTags(raw: unknown): Record<string, string> | null {
  if (raw === undefined || raw === null) return null
  checkTags(raw as Record<string, unknown>)
  return raw as Record<string, string>
}

function readHeaders(raw: unknown): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  if (raw === undefined || raw === null) return headers
  for (const [name, value] of Object.entries(raw as Record<string, unknown>)) {
    const text = String(value)
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name))
      throw new Error(`params.headers: ${JSON.stringify(name)} is not a header name`)
    if (/[\r\n\0]/.test(text)) throw new Error(`params.headers["${name}"]: the value holds a line break`)
    headers[canonicalName(name)] = text
  }
  return headers
}

function readResponseType(raw: unknown): ResponseType | null {
  if (raw === undefined || raw === null || raw === '') return null
  if (raw === 'text' || raw === 'binary' || raw === 'none') return raw
  throw new Error(`params.responseType: ${JSON.stringify(raw)} is none of text, binary, none`)
}

/** Basic is what a URL with a name and a password gets in any case. */
function checkAuth(raw: unknown): void {
  if (raw === undefined || raw === null || raw === '' || raw === 'basic') return
  throw new NotProvided(`params.auth: ${JSON.stringify(raw)}`, ' (it has: basic)')
}

/** What goes over the wire, and the Content-Type that k6 gives it unless the script names one. */
export interface RequestBody {
  /** latin1 text, bytes, or nothing. */
  content: string | Uint8Array | null
  length: number
  contentType: string
}

export const noBody: RequestBody = { content: null, length: 0, contentType: '' }

/** Text is sent as UTF-8, an object as a form, an ArrayBuffer as it is. */
export function readBody(raw: unknown): RequestBody {
  if (raw === undefined || raw === null) return noBody
  if (typeof raw === 'string') return textBody(raw, '')
  if (raw instanceof ArrayBuffer) return { content: new Uint8Array(raw), length: raw.byteLength, contentType: '' }
  if (ArrayBuffer.isView(raw)) {
    return {
      content: new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength),
      length: raw.byteLength,
      contentType: '',
    }
  }
  if (typeof raw === 'object') return formBody(raw as Record<string, unknown>)
  throw new TypeError(`request body: expected text, an object or an ArrayBuffer, found ${typeof raw}`)
}

function textBody(text: string, contentType: string): RequestBody {
  // Text of one byte a character goes out in one write together with the head.
  const length = Buffer.byteLength(text, 'utf8')
  return length === text.length
    ? { content: text, length, contentType }
    : { content: Buffer.from(text, 'utf8'), length, contentType }
}

function formBody(fields: Record<string, unknown>): RequestBody {
  const form = new URLSearchParams()
  // k6 encodes forms with their keys sorted (Go's url.Values).
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name]
    if (Array.isArray(value)) for (const item of value) form.append(name, String(item))
    else form.append(name, String(value))
  }
  return textBody(form.toString(), 'application/x-www-form-urlencoded')
}
