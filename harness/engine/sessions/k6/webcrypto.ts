import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'

/** What k6's implementation has; Node's has more, which a script must not find, since k6 would refuse it. */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  digest: ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'],
  encrypt: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'RSA-OAEP'],
  decrypt: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'RSA-OAEP'],
  sign: ['HMAC', 'ECDSA', 'RSASSA-PKCS1-V1_5', 'RSA-PSS'],
  verify: ['HMAC', 'ECDSA', 'RSASSA-PKCS1-V1_5', 'RSA-PSS'],
  generateKey: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW', 'HMAC', 'ECDSA', 'ECDH', 'RSASSA-PKCS1-V1_5', 'RSA-PSS', 'RSA-OAEP'],
  importKey: ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW', 'HMAC', 'ECDSA', 'ECDH', 'RSASSA-PKCS1-V1_5', 'RSA-PSS', 'RSA-OAEP', 'PBKDF2'],
  deriveKey: ['ECDH', 'PBKDF2'],
  deriveBits: ['ECDH', 'PBKDF2'],
} // biome-ignore format: one list

/** Where the algorithm stands among the arguments. */
const algorithmAt: Readonly<Record<string, number>> = { importKey: 2 }

type Operation = (...args: unknown[]) => Promise<unknown>

/** The global `crypto` of one user: Node's own, as far as k6 has it. */
export function webcryptoFor(user: VirtualUser): unknown {
  return {
    subtle: subtleFor(user),
    CryptoKey,
    randomUUID: () => crypto.randomUUID(),
    getRandomValues,
  }
}

function subtleFor(user: VirtualUser): Record<string, Operation> {
  const names = [...Object.keys(algorithms), 'exportKey', 'wrapKey', 'unwrapKey']
  const native = crypto.subtle as unknown as Record<string, Operation>
  return Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]) => {
        const refusal = refuseAlgorithm(name, args[algorithmAt[name] ?? 0])
        return refusal ? Promise.reject(refusal) : keptAlive(user, native[name]!.apply(crypto.subtle, args))
      },
    ]),
  )
}

function refuseAlgorithm(operation: string, algorithm: unknown): DOMException | null {
  const known = algorithms[operation]
  const given = typeof algorithm === 'object' && algorithm !== null ? (algorithm as { name?: unknown }).name : algorithm
  if (!known || typeof given !== 'string' || known.includes(given.toUpperCase())) return null
  const message = `algorithm "${given.toUpperCase()}" doesn't support (in implementation) operation "${operation}"`
  return new DOMException(message, 'NotSupportedError')
}

/** As everything that will call back, an operation under way keeps the iteration going. */
function keptAlive<T>(user: VirtualUser, work: Promise<T>): Promise<T> {
  if (user.isInitialising) return work
  const hold = { release: () => {} }
  user.hold(hold)
  const settleWith = (settle: () => void): void =>
    user.dispatch(() => {
      settle()
      // The script's continuation comes first: it may start something that keeps the iteration alive.
      setImmediate(() => user.letGo(hold))
    })
  return new Promise((resolve, reject) => {
    work.then(
      (value) => settleWith(() => resolve(value)),
      (error) => settleWith(() => reject(error)),
    )
  })
}

function getRandomValues(array: Uint8Array): Uint8Array {
  try {
    return crypto.getRandomValues(array)
  } catch (error) {
    const isTooBig = (error as Error).name === 'QuotaExceededError'
    throw new GoError(
      isTooBig
        ? 'QuotaExceededError: typedArray parameter is too big; maximum length is 65536'
        : "TypeMismatchError: typedArray parameter isn't a TypedArray instance",
    )
  }
}
