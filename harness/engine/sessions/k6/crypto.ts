import { createHash, createHmac, randomBytes } from 'node:crypto'
import { bytesOf, ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'
import { md4 } from './md4.ts'
import { lazyModule } from './port.ts'

/** k6's names of hashes, with those of OpenSSL; MD4, which it has no more, is made here. */
const nodeNames: Record<string, string | null> = {
  md4: null,
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
  ripemd160: 'ripemd160',
}

type Digest = string | ArrayBuffer

/** Something that takes data piece by piece and tells the hash of all so far, as often as it is asked. */
interface Hashing {
  update(data: Uint8Array): void
  digest(): Buffer
}

/** Module `k6/crypto`. */
export const cryptoModule = lazyModule({
  createHash: () => (algorithm: unknown) => new Hasher(hashing(String(algorithm))),
  createHMAC: () => (algorithm: unknown, secret: unknown) => new Hasher(keyed(String(algorithm), bytesOf(secret))),
  hmac: () => (algorithm: unknown, secret: unknown, data: unknown, encoding: unknown) =>
    digestOf(keyed(String(algorithm), bytesOf(secret)), data, encoding),
  hexEncode: () => (data: unknown) => Buffer.from(bytesOf(data)).toString('hex'),
  randomBytes: () => randomArrayBuffer,
  ...Object.fromEntries(
    Object.keys(nodeNames).map((name) => [
      name,
      () => (data: unknown, encoding: unknown) => shortcut(name, data, encoding),
    ]),
  ),
})

/** What `createHash` and `createHMAC` give. */
class Hasher {
  readonly #hashing: Hashing
  constructor(of: Hashing) {
    this.#hashing = of
  }
  update(data: unknown): void {
    this.#hashing.update(bytesOf(data))
  }
  digest(encoding: unknown): Digest {
    return encode(this.#hashing.digest(), encoding)
  }
}

function digestOf(of: Hashing, data: unknown, encoding: unknown): Digest {
  of.update(bytesOf(data))
  return encode(of.digest(), encoding)
}

/** `md5(data, 'hex')`; only these name themselves where the data is none. */
function shortcut(name: string, data: unknown, encoding: unknown): Digest {
  try {
    bytesOf(data)
  } catch (error) {
    throw new GoError(`${name} failed: ${(error as Error).message}`)
  }
  return digestOf(hashing(name), data, encoding)
}

function hashing(algorithm: string): Hashing {
  const name = nodeName(algorithm)
  return name === null ? new Collected(md4) : repeatable(createHash(name))
}

/** @throws GoError for an algorithm that k6 does not have */
function keyed(algorithm: string, secret: Uint8Array): Hashing {
  const name = nodeName(algorithm)
  if (name === null) return new Collected((message) => hmacOf(md4, secret, message))
  // Unlike a hash, a keyed one cannot be copied to be read in between.
  return new Collected((message) => createHmac(name, secret).update(message).digest())
}

function nodeName(algorithm: string): string | null {
  const name = Object.hasOwn(nodeNames, algorithm) ? nodeNames[algorithm] : undefined
  if (name === undefined) throw new GoError(`invalid algorithm: ${algorithm}`)
  return name
}

function repeatable(hash: ReturnType<typeof createHash>): Hashing {
  return { update: (data) => void hash.update(data), digest: () => hash.copy().digest() }
}

/** Keeps what it is given until it is asked. */
class Collected implements Hashing {
  readonly #parts: Uint8Array[] = []
  readonly #of: (message: Uint8Array) => Buffer
  constructor(of: (message: Uint8Array) => Buffer) {
    this.#of = of
  }
  update(data: Uint8Array): void {
    // The script may write over its buffer before it asks.
    this.#parts.push(Uint8Array.from(data))
  }
  digest(): Buffer {
    return this.#of(Buffer.concat(this.#parts))
  }
}

/** RFC 2104, for a hash with blocks of 64 bytes. */
function hmacOf(hash: (message: Uint8Array) => Buffer, secret: Uint8Array, message: Uint8Array): Buffer {
  const key = Buffer.alloc(64)
  key.set(secret.length > key.length ? hash(secret) : secret)
  const pad = (byte: number) => key.map((own) => own ^ byte)
  return hash(Buffer.concat([pad(0x5c), hash(Buffer.concat([pad(0x36), message]))]))
}

function encode(digest: Buffer, encoding: unknown): Digest {
  switch (encoding) {
    case 'hex':
    case 'base64':
      return digest.toString(encoding)
    case 'base64rawurl':
      return digest.toString('base64url')
    case 'base64url':
      return digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    case 'binary':
      return ownArrayBuffer(digest)
    default:
      throw new GoError(`invalid output encoding: ${encoding === undefined ? '' : String(encoding)}`)
  }
}

function randomArrayBuffer(size: unknown): ArrayBuffer {
  const count = Math.trunc(Number(size))
  if (!(count >= 1)) throw new GoError('invalid size')
  return ownArrayBuffer(randomBytes(count))
}
