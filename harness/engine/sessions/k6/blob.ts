import { goTypeOf, ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'
import { NotProvided } from './not-provided.ts'

/** `Blob` of `k6/websockets`: bytes that are read through promises. */
export class Blob {
  readonly type: string
  readonly #bytes: Buffer

  constructor(parts?: unknown, options?: unknown) {
    if (parts !== undefined && !Array.isArray(parts))
      throw new GoError(`failed to process [blobParts]: could not convert ${String(parts)} to []interface {}`)
    if (options !== undefined && (typeof options !== 'object' || options === null))
      throw new GoError('[options] must be an object')
    const { type } = (options ?? {}) as { type?: unknown }
    this.type = type === undefined ? '' : String(type)
    this.#bytes = Buffer.concat((parts ?? []).map((part: unknown) => Blob.#bytesOfPart(part)))
  }

  static #bytesOfPart(part: unknown): Uint8Array {
    if (part instanceof Blob) return part.#bytes
    if (typeof part === 'string') return Buffer.from(part, 'utf8')
    if (part instanceof ArrayBuffer) return new Uint8Array(part)
    if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    throw new GoError(`failed to process [blobParts]: unsupported type: ${goTypeOf(part)}`)
  }

  /** What `send` puts on the wire. */
  static bytesOf(blob: Blob): Uint8Array {
    return blob.#bytes
  }

  get size(): number {
    return this.#bytes.length
  }

  text(): Promise<string> {
    return Promise.resolve(this.#bytes.toString('utf8'))
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(ownArrayBuffer(this.#bytes))
  }

  bytes(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(ownArrayBuffer(this.#bytes)))
  }

  slice(start?: unknown, end?: unknown, type: unknown = ''): Blob {
    const at = (place: unknown, otherwise: number): number => (place === undefined ? otherwise : Number(place))
    return new Blob([this.#bytes.subarray(at(start, 0), at(end, this.size))], { type })
  }

  stream(): never {
    throw new NotProvided('Blob.stream()', ' (it has text(), arrayBuffer() and bytes())')
  }

  toString(): string {
    return '[object Blob]'
  }
}
