import { Response, responseFields } from './response.ts'

/**
 * Objects as k6 shows them: every field is their own, in k6's order. Those behind them make a field when it is asked
 * for and own none, which is cheaper; only a script that lists or copies fields can tell, and only it gets these.
 */

const methods = ['clickLink', 'html', 'json', 'submitForm'] as const

const ownKeys: readonly string[] = [...responseFields, ...methods]
const writable: ReadonlySet<PropertyKey> = new Set(responseFields)
const own: ReadonlySet<PropertyKey> = new Set(ownKeys)

/** A response with every field its own; anything else comes back as it is. */
export const wholeResponse = <T>(value: T): T =>
  value instanceof Response ? (new Proxy(value, responseTraps) as T) : value

const responseTraps: ProxyHandler<Response> = {
  get: (target, key) => (own.has(key) ? fieldOf(target, key) : Reflect.get(Object.prototype, key)),
  has: (_, key) => own.has(key) || key in Object.prototype,
  ownKeys: () => [...ownKeys],
  getOwnPropertyDescriptor: (target, key) =>
    own.has(key)
      ? { value: fieldOf(target, key), writable: writable.has(key), enumerable: true, configurable: true }
      : undefined,
  set: assign,
  defineProperty: (target, key, { value }) => assign(target, key, value),
  deleteProperty: (_, key) => {
    if (!own.has(key)) return true
    throw new TypeError(`Cannot delete property ${String(key)} from a Go type`)
  },
  getPrototypeOf: () => Object.prototype,
  preventExtensions: () => {
    throw new TypeError('Host object field remote_ip cannot be made read-only')
  },
}

/** Methods stay with their response, as in k6, where a copy or `const { json } = response` can call them. */
function fieldOf(target: Response, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(target, key)
  return typeof value === 'function' ? value.bind(target) : value
}

function assign(target: Response, key: PropertyKey, value: unknown): true {
  if (!writable.has(key)) throw new TypeError(`Cannot assign to property ${String(key)} of a host object`)
  return Reflect.set(target, key, value) as true
}

/** A module's namespace whose members can be listed, those that the script has not touched too. */
export const wholeNamespace = (namespace: Record<string, unknown>): Record<string, unknown> =>
  new Proxy(namespace, namespaceTraps)

const namespaceTraps: ProxyHandler<Record<string, unknown>> = {
  ownKeys: (target) => Object.keys(Object.getPrototypeOf(target) as object),
  getOwnPropertyDescriptor: (target, key) => {
    // Touched, a member becomes the namespace's own.
    Reflect.get(target, key)
    return Reflect.getOwnPropertyDescriptor(target, key)
  },
}
