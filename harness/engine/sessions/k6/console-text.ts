import { types } from 'node:util'
import { wholeResponse } from './whole.ts'

/** A value as k6's console writes it: text as it is, objects as `{ a: 1, b: [ "x" ] }`. */
export function consoleText(value: unknown): string {
  return typeof value === 'string' ? value : describe(value, [])
}

/** @param around the objects that the value stands in, outermost first */
function describe(value: unknown, around: readonly object[]): string {
  if (typeof value === 'string') return `"${value}"`
  if (typeof value === 'symbol') return around.length > 0 ? `"${value.description}"` : `${value.description}`
  if (typeof value === 'function') return '[object Function]'
  if (value === undefined && around.length > 0) return 'null'
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '0' : String(value)
  if (around.includes(value)) return '[Circular]'
  return describeObject(value, [...around, value])
}

function describeObject(value: object, around: readonly object[]): string {
  if (types.isNativeError(value)) return String(value)
  if (types.isDate(value)) return JSON.stringify(value)
  if (types.isAnyArrayBuffer(value)) return describeBytes(value)
  if (Array.isArray(value)) return enclose('[', [...value].map((each) => describe(each, around)), ']')
  if (types.isTypedArray(value)) return `${value.constructor.name}(${value.length}) ${enclose('[', [...value].map(String), ']')}`
  const fields = Object.entries(wholeResponse(value)).map(([key, each]) => `${key}: ${describe(each, around)}`)
  return enclose('{', fields, '}')
} // biome-ignore format: a case a line

function describeBytes(buffer: ArrayBufferLike): string {
  const bytes = [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0'))
  return `ArrayBuffer { [Uint8Contents]: <${bytes.join(' ')}>, byteLength: ${bytes.length} }`
}

const enclose = (open: string, parts: string[], close: string): string =>
  parts.length === 0 ? open + close : `${open} ${parts.join(', ')} ${close}`
