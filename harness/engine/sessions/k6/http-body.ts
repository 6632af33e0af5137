import { encodeForm, encodeMultipart, goType, hasFile } from './form.ts'
import { RefusedRequest } from './refused-request.ts'

/** What goes over the wire, and the Content-Type that k6 gives it unless the script names one. */
export interface RequestBody {
  /** latin1 text, bytes, or nothing. */
  content: string | Uint8Array | null
  length: number
  contentType: string
}

export const noBody: RequestBody = { content: null, length: 0, contentType: '' }

/**
 * Text is sent as UTF-8, an object as a form (with files: as multipart), an ArrayBuffer as it is.
 * @throws RefusedRequest
 */
export function readBody(raw: unknown): RequestBody {
  if (raw === undefined || raw === null) return noBody
  if (typeof raw === 'string') return textBody(raw, '')
  if (raw instanceof ArrayBuffer) return bytesBody(new Uint8Array(raw), '')
  const type = goType(raw)
  if (type === '[]uint8') {
    const { buffer, byteOffset, byteLength } = raw as Uint8Array
    return bytesBody(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), '')
  }
  if (type !== 'map[string]interface {}') throw new RefusedRequest(`unknown request body type ${type}`)
  return objectBody(raw as Record<string, unknown>)
}

const bytesBody = (bytes: Uint8Array, contentType: string): RequestBody => ({
  content: bytes,
  length: bytes.byteLength,
  contentType,
})

function textBody(text: string, contentType: string): RequestBody {
  // Text of one byte a character goes out in one write together with the head.
  const length = Buffer.byteLength(text, 'utf8')
  return length === text.length
    ? { content: text, length, contentType }
    : { content: Buffer.from(text, 'utf8'), length, contentType }
}

function objectBody(fields: Record<string, unknown>): RequestBody {
  if (!hasFile(fields)) return textBody(encodeForm(fields), 'application/x-www-form-urlencoded')
  const { bytes, contentType } = encodeMultipart(fields)
  return bytesBody(bytes, contentType)
}

/** As the script may look at it. */
export const bodyText = ({ content }: RequestBody): string =>
  content === null ? '' : typeof content === 'string' ? content : Buffer.from(content).toString('utf8')

export const bodyBytes = ({ content }: RequestBody): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'latin1') : (content ?? new Uint8Array(0))
