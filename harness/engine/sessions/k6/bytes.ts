import { GoError } from './go-error.ts'

/**
 * The bytes of what a script hands over as data: text as UTF-8, an ArrayBuffer or a view of one as it is (not copied).
 * @throws GoError for anything else, with k6's words
 */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw new GoError(`invalid type ${goTypeOf(value)}, expected string, []byte or ArrayBuffer`)
}

/** An ArrayBuffer that is all of its own: bytes of Node's buffers may share theirs with others. */
export const ownArrayBuffer = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer

/** What k6's messages call a type. */
export function goTypeOf(value: unknown): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'function') return 'func(sobek.FunctionCall) sobek.Value'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}
