import { Interrupted } from '../users/interrupted.ts'
import { initFolder } from './init-folder.ts'

/**
 * What a rewritten script calls in place of built-ins whose callback waits. Each does what the built-in does, in the
 * same order and with the same arguments, and waits for one callback before it calls the next.
 */

type Callback = (this: unknown, ...args: unknown[]) => unknown
type List = unknown[]
type Method = keyof List & string

/** A promise of the script's own on its way through `await`, which would open it. */
class Held {
  readonly promise: unknown
  constructor(promise: unknown) {
    this.promise = promise
  }
}

/** Wraps a promise that a waiting function returns as its value. */
const hold = (value: unknown): unknown =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function' ? new Held(value) : value

const release = (value: unknown): unknown => (value instanceof Held ? value.promise : value)

/** An array whose method is the built-in one. */
const isList = (value: unknown, method: Method): value is List =>
  ArrayBuffer.isView(value) ||
  (value !== null &&
    value !== undefined &&
    (value as List)[method] === Array.prototype[method] &&
    typeof value === 'object')

/** Indexes as the built-ins visit them: the length is read once; only the `find` family sees holes. */
function* indexes(list: List, order: 'up' | 'down' = 'up', holes = false): Generator<number> {
  const length = list.length
  for (let step = 0; step < length; step++) {
    const index = order === 'up' ? step : length - 1 - step
    if (holes || index in list) yield index
  }
}

async function call(callback: Callback, self: unknown, ...args: unknown[]): Promise<unknown> {
  return hold(release(await callback.apply(self, args)))
}

/** The method of something that is no array: a Map or Set waits; an object of the script does what it does. */
async function other(receiver: unknown, method: string, args: unknown[]): Promise<unknown> {
  if (method === 'forEach' && (receiver instanceof Map || receiver instanceof Set)) {
    for (const [key, value] of receiver.entries()) await call(args[0] as Callback, args[1], value, key, receiver)
    return undefined
  }
  const own = (receiver as Record<string, Callback>)[method]
  if (typeof own === 'function' && isBuiltIn(own)) {
    throw new TypeError(
      `${method}() of ${describe(receiver)} cannot wait for a blocking call; make it an array first: [...it]`,
    )
  }
  return (receiver as Record<string, Callback>)[method]!(...args)
}

const isBuiltIn = (fn: Callback): boolean => Function.prototype.toString.call(fn).endsWith('{ [native code] }')
const describe = (value: unknown): string => Object.prototype.toString.call(value)

/** A result of the receiver's kind: typed arrays map to typed arrays. */
const like = (list: List, result: List): unknown =>
  Array.isArray(list)
    ? result
    : (list as unknown as { constructor: { from(values: List): unknown } }).constructor.from(result)

type Search = { order: 'up' | 'down'; give: 'value' | 'index' }

const search =
  (method: Method, { order, give }: Search) =>
  async (list: unknown, callback: Callback, self?: unknown): Promise<unknown> => {
    if (!isList(list, method)) return other(list, method, [callback, self])
    for (const index of indexes(list, order, true)) {
      const value = list[index]
      if (release(await call(callback, self, value, index, list))) return give === 'value' ? hold(value) : index
    }
    return give === 'value' ? undefined : -1
  }

/** some stops at the first yes, every at the first no. */
const quantify =
  (method: Method, stopAt: boolean) =>
  async (list: unknown, callback: Callback, self?: unknown): Promise<unknown> => {
    if (!isList(list, method)) return other(list, method, [callback, self])
    for (const index of indexes(list)) {
      if (Boolean(release(await call(callback, self, list[index], index, list))) === stopAt) return stopAt
    }
    return !stopAt
  }

const fold =
  (method: Method, order: 'up' | 'down') =>
  async (list: unknown, callback: Callback, ...initial: unknown[]): Promise<unknown> => {
    if (!isList(list, method)) return other(list, method, [callback, ...initial])
    let [accumulated] = initial
    let isEmpty = initial.length === 0
    for (const index of indexes(list, order)) {
      accumulated = isEmpty
        ? list[index]
        : release(await call(callback, undefined, accumulated, list[index], index, list))
      isEmpty = false
    }
    if (isEmpty) throw new TypeError('Reduce of empty array with no initial value')
    return hold(accumulated)
  }

async function forEach(list: unknown, callback: Callback, self?: unknown): Promise<unknown> {
  if (!isList(list, 'forEach')) return other(list, 'forEach', [callback, self])
  for (const index of indexes(list)) await call(callback, self, list[index], index, list)
  return undefined
}

async function map(list: unknown, callback: Callback, self?: unknown): Promise<unknown> {
  if (!isList(list, 'map')) return other(list, 'map', [callback, self])
  const result: List = new Array(list.length)
  for (const index of indexes(list)) result[index] = release(await call(callback, self, list[index], index, list))
  return like(list, result)
}

async function filter(list: unknown, callback: Callback, self?: unknown): Promise<unknown> {
  if (!isList(list, 'filter')) return other(list, 'filter', [callback, self])
  const result: List = []
  for (const index of indexes(list)) {
    const value = list[index]
    if (release(await call(callback, self, value, index, list))) result.push(value)
  }
  return like(list, result)
}

async function flatMap(list: unknown, callback: Callback, self?: unknown): Promise<unknown> {
  if (!isList(list, 'flatMap')) return other(list, 'flatMap', [callback, self])
  const result: List = []
  for (const index of indexes(list)) {
    const value = release(await call(callback, self, list[index], index, list))
    if (Array.isArray(value)) result.push(...value)
    else result.push(value)
  }
  return result
}

async function arrayFrom(
  source: Iterable<unknown> | ArrayLike<unknown>,
  callback: Callback,
  self?: unknown,
): Promise<List> {
  const result: List = []
  if (Symbol.iterator in Object(source)) {
    for (const value of source as Iterable<unknown>)
      result.push(release(await call(callback, self, value, result.length)))
    return result
  }
  const { length } = source as ArrayLike<unknown>
  for (let index = 0; index < length; index++) {
    result.push(release(await call(callback, self, (source as ArrayLike<unknown>)[index], index)))
  }
  return result
}

/** `new Promise(executor)` whose executor waits. */
async function newPromise(executor: Callback): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  try {
    await executor.call(undefined, resolve, reject)
  } catch (error) {
    reject(error)
  }
  return hold(promise)
}

/** `value?.rest`, where the rest waits. */
const optional = async (value: unknown, rest: (value: unknown) => unknown): Promise<unknown> =>
  value === null || value === undefined ? undefined : rest(value)

/** `object.key?.(...)`, where what follows waits; the method keeps its `this`. */
const optionalMethod = async (
  object: unknown,
  key: PropertyKey,
  rest: (method: unknown) => unknown,
): Promise<unknown> => {
  const method = (object as Record<PropertyKey, unknown>)[key]
  return optional(typeof method === 'function' ? method.bind(object) : method, rest)
}

/** A free name that the script may have put on its own globalThis. */
function global(globals: Record<string, unknown>, name: string): unknown {
  if (name in globals) return globals[name]
  throw new ReferenceError(`${name} is not defined`)
}

/** From here on the module body is of a file in this folder. */
const inFolder = (folder: string): void => {
  initFolder.current = folder
}

/** `import.meta` of one of the script's files. */
const meta = (url: string) => ({ url, resolve: (specifier: string): string => new URL(specifier, url).href })

/** Goes on unwinding a script whose user was stopped. */
const interrupted = (): Interrupted => new Interrupted()

/** What a CommonJS script exports: its properties, or the function that it is. */
const commonJs = (exports: unknown): Record<string, unknown> =>
  typeof exports === 'function' ? { default: exports } : { ...(exports as object) }

export const helpers = {
  hold,
  release,
  forEach,
  map,
  filter,
  flatMap,
  arrayFrom,
  reduce: fold('reduce', 'up'),
  reduceRight: fold('reduceRight', 'down'),
  some: quantify('some', true),
  every: quantify('every', false),
  find: search('find', { order: 'up', give: 'value' }),
  findIndex: search('findIndex', { order: 'up', give: 'index' }),
  findLast: search('findLast', { order: 'down', give: 'value' }),
  findLastIndex: search('findLastIndex', { order: 'down', give: 'index' }),
  newPromise,
  optional,
  optionalMethod,
  global,
  inFolder,
  meta,
  interrupted,
  commonJs,
}

export type Helpers = typeof helpers
