import { parseDurationMs } from '../../../metrics/duration.ts'
import type { CookieStore } from './cookie-store.ts'
import { GoError } from './go-error.ts'
import { noBody, type RequestBody, readBody } from './http-body.ts'
import { readParams } from './http-params.ts'
import { checkTags } from './tags.ts'

export interface SseParams {
  method: string
  body: RequestBody
  headers: Record<string, string>
  tags: Record<string, unknown> | null
  /** null: the user's own. */
  jar: CookieStore | null
  /** From the call to the end of the stream; Infinity unless given. */
  timeoutMs: number
}

/** The params of `sse.open`; what is none of them is left alone, as the extension does. */
export function readSseParams(raw: unknown): SseParams {
  const { method, body, headers, tags, jar, timeout } = (raw ?? {}) as Record<string, unknown>
  return {
    method: isGiven(method) && String(method).trim() !== '' ? String(method).trim() : 'GET',
    body: isGiven(body) && String(body).trim() !== '' ? readBody(String(body).trim()) : noBody,
    headers: { Accept: 'text/event-stream', ...readParams({ headers }).headers },
    tags: readTags(tags),
    jar: readParams({ jar }).jar,
    timeoutMs: readTimeout(timeout),
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function readTags(raw: unknown): Record<string, unknown> | null {
  if (typeof raw !== 'object' || raw === null) return null
  checkTags(raw as Record<string, unknown>)
  return raw as Record<string, unknown>
}

/** Text such as `10s`; nothing, and 0, mean none. */
function readTimeout(raw: unknown): number {
  if (!isGiven(raw)) return Number.POSITIVE_INFINITY
  try {
    const timeoutMs = parseDurationMs(String(raw), 'timeout')
    return timeoutMs > 0 ? timeoutMs : Number.POSITIVE_INFINITY
  } catch (error) {
    throw new GoError(`invalid sse.open() timeout: ${(error as Error).message}`)
  }
}
