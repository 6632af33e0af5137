import type { TestContext } from '../load-test/test-context.ts'
import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'

/** Module `k6/data`. */
export const dataModule = lazyModule({ SharedArray: constructorFor })

/** The arrays of a test by name: the first user makes one, the others find it. */
const arraysOf = new WeakMap<TestContext, Map<string, readonly unknown[]>>()

function constructorFor(user: VirtualUser): unknown {
  return function SharedArray(name: unknown, make: unknown): readonly unknown[] {
    if (!user.isInitialising) throw new GoError('new SharedArray must be called in the init context')
    if (typeof make !== 'function')
      throw new GoError("a function is expected as the second argument of SharedArray's constructor")
    const key = name === undefined || name === null ? '' : String(name)
    if (key === '') throw new GoError("empty name provided to SharedArray's constructor")
    let arrays = arraysOf.get(user.context)
    if (!arrays) arraysOf.set(user.context, (arrays = new Map()))
    let array = arrays.get(key)
    if (!array) arrays.set(key, (array = share(make())))
    return array
  }
}

function share(made: unknown): readonly unknown[] {
  if (made instanceof Promise)
    throw new GoError('SharedArray constructor does not support async functions as second argument')
  if (!Array.isArray(made)) throw new GoError('only arrays can be made into SharedArray')
  return sharedView(made.map(toJson))
}

/** k6 keeps the elements as JSON, so what JSON cannot hold is refused. */
function toJson(element: unknown): string {
  const text = JSON.stringify(element)
  if (text === undefined) throw new SyntaxError(`SharedArray: ${typeof element} has no form in JSON`)
  return text
}

/**
 * An array that all users share and none can change: every read parses its element afresh and freezes it. To the
 * script it is an Array with all of its methods. The target is an empty array of the same length, since a proxy must
 * agree with its target on what an array's `length` is.
 */
function sharedView(elements: readonly string[]): readonly unknown[] {
  const immutable = (): never => {
    throw new TypeError('SharedArray is immutable')
  }
  const indexOf = (key: string | symbol): number => {
    if (typeof key !== 'string') return -1
    const index = Number(key)
    return Number.isInteger(index) && index >= 0 && index < elements.length && String(index) === key ? index : -1
  }
  const read = (index: number): unknown => freezeAll(JSON.parse(elements[index]!))
  return new Proxy(new Array(elements.length), {
    get(target, key) {
      const index = indexOf(key)
      return index < 0 ? Reflect.get(target, key) : read(index)
    },
    has: (target, key) => indexOf(key) >= 0 || Reflect.has(target, key),
    ownKeys: (target) => [...elements.keys()].map(String).concat(Reflect.ownKeys(target) as string[]),
    getOwnPropertyDescriptor(target, key) {
      const index = indexOf(key)
      if (index < 0) return Reflect.getOwnPropertyDescriptor(target, key)
      return { value: read(index), writable: true, enumerable: true, configurable: true }
    },
    set(_target, key) {
      if (key === 'length' || /^\d+$/.test(String(key))) return immutable()
      throw new TypeError(`Cannot set property "${String(key)}" on a dynamic array`)
    },
    defineProperty: immutable,
    deleteProperty: immutable,
    setPrototypeOf: immutable,
    preventExtensions() {
      throw new TypeError('Cannot make a dynamic object non-extensible')
    },
  })
}

function freezeAll(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freezeAll(inner)
  return Object.freeze(value)
}
