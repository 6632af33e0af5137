/**
 * The three functions of the Reflect metadata proposal that the dependency injection inside `@peculiar/x509` calls
 * while it is imported. Import this file before that package.
 */
type MetadataHost = typeof Reflect & {
  defineMetadata?: (key: unknown, value: unknown, target: object) => void
  getOwnMetadata?: (key: unknown, target: object) => unknown
  getMetadata?: (key: unknown, target: object) => unknown
}

const metadata = new WeakMap<object, Map<unknown, unknown>>()
const host = Reflect as MetadataHost

const defineMetadata = (key: unknown, value: unknown, target: object): void => {
  const own = metadata.get(target) ?? new Map<unknown, unknown>()
  metadata.set(target, own.set(key, value))
}

const getOwnMetadata = (key: unknown, target: object): unknown => metadata.get(target)?.get(key)

const getMetadata = (key: unknown, target: object): unknown => {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    if (metadata.get(at)?.has(key)) return metadata.get(at)?.get(key)
  }
  return undefined
}

host.defineMetadata ??= defineMetadata
host.getOwnMetadata ??= getOwnMetadata
host.getMetadata ??= getMetadata
