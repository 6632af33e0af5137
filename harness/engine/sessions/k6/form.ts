import { randomBytes } from 'node:crypto'
import { GoError } from './go-error.ts'

/** What `http.file` gives: a part of a multipart body. */
export class FileData {
  readonly data: string | ArrayBuffer
  readonly filename: string
  readonly content_type: string

  constructor(data: string | ArrayBuffer, filename: string, contentType: string) {
    this.data = data
    this.filename = filename
    this.content_type = contentType
  }
}

/** `http.file(data, filename, contentType)` */
export function file(data: unknown, filename?: string, contentType?: string): FileData {
  if (typeof data !== 'string' && !(data instanceof ArrayBuffer))
    throw new GoError(`invalid type ${goType(data)}, expected string or ArrayBuffer`)
  const name = filename === undefined ? `${BigInt(Date.now()) * 1_000_000n}` : String(filename)
  return new FileData(data, name, contentType === undefined ? 'application/octet-stream' : String(contentType))
}

/** `application/x-www-form-urlencoded`: sorted by name, an array gives several fields. */
export function encodeForm(fields: Readonly<Record<string, unknown>>): string {
  return Object.keys(fields)
    .sort()
    .flatMap((name) => {
      const value = fields[name]
      return (Array.isArray(value) ? value : [value]).map((one) => `${escapeField(name)}=${escapeField(goText(one))}`)
    })
    .join('&')
}

const escapeField = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

export const hasFile = (fields: Readonly<Record<string, unknown>>): boolean =>
  Object.values(fields).some((value) => value instanceof FileData)

/** `multipart/form-data`, in the order of the fields. */
export function encodeMultipart(fields: Readonly<Record<string, unknown>>): { bytes: Buffer; contentType: string } {
  const boundary = randomBytes(30).toString('hex')
  const pieces: (string | Buffer)[] = []
  for (const [name, value] of Object.entries(fields)) {
    pieces.push(`${pieces.length === 0 ? '' : '\r\n'}--${boundary}\r\n`, partHead(name, value), partBody(value))
  }
  pieces.push(`\r\n--${boundary}--\r\n`)
  const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece)))
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` }
}

function partHead(name: string, value: unknown): string {
  if (value instanceof FileData) {
    const disposition = `form-data; name="${name}"; filename="${value.filename.replace(/[\\"]/g, '\\$&')}"`
    return `Content-Disposition: ${disposition}\r\nContent-Type: ${value.content_type}\r\n\r\n`
  }
  const escaped = name.replace(/[\\"]/g, '\\$&').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
  return `Content-Disposition: form-data; name="${escaped}"\r\n\r\n`
}

function partBody(value: unknown): Buffer | string {
  if (!(value instanceof FileData)) return goText(value)
  return typeof value.data === 'string' ? value.data : Buffer.from(value.data)
}

/** A value as k6 writes it into a form: what Go prints for it. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return goNumber(value)
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (value instanceof FileData) return `&{${goText(value.data)} ${value.filename} ${value.content_type}}`
  if (typeof value !== 'object' || value instanceof Date) return String(value)
  if (value instanceof ArrayBuffer) return `[${[...new Uint8Array(value)].join(' ')}]`
  const fields = value as Record<string, unknown>
  return `map[${Object.keys(fields)
    .sort()
    .map((name) => `${name}:${goText(fields[name])}`)
    .join(' ')}]`
}

function goNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 21) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** The name that Go has for the type of a value; k6's messages show it. */
export function goType(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return '*big.Int'
  if (typeof value === 'function') return 'func(sobek.FunctionCall) sobek.Value'
  if (Array.isArray(value)) return '[]interface {}'
  if (value instanceof Date) return 'time.Time'
  if (value instanceof ArrayBuffer) return 'sobek.ArrayBuffer'
  if (value instanceof FileData) return '*http.FileData'
  return ArrayBuffer.isView(value) ? (goViews.get(value.constructor.name) ?? '[]uint8') : 'map[string]interface {}'
}

const goViews: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Int8Array: '[]int8',
    Int16Array: '[]int16',
    Uint16Array: '[]uint16',
    Int32Array: '[]int32',
    Uint32Array: '[]uint32',
    Float32Array: '[]float32',
    Float64Array: '[]float64',
    BigInt64Array: '[]int64',
    BigUint64Array: '[]uint64',
  }),
)
