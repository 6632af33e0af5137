import type { AnyNode, MemberExpression } from 'acorn'
import { link } from './calls.ts'
import { type CallSite, type Evaluation, read } from './evaluate.ts'
import { Flow, Thing } from './flow.ts'
import { isFunction, isProperty, staticKey, withoutParens } from './syntax.ts'

/** `Object.defineProperty(object, key, descriptor)`. */
export function defineOne(at: Evaluation, site: CallSite): void {
  const [object, key, descriptor] = site.args
  if (object) object.flow.into(site.result)
  if (!object || !key || !descriptor) return
  holdAccessors(at, descriptor.flow)
  if (copyByKey(at, object.flow, key.node, descriptor.node)) return
  const name = key.node.type === 'Literal' ? String(key.node.value) : null
  defineProperty(at, object.flow, name, descriptor.flow)
}

/** `{ key: descriptor }` for each key. */
export function defineAll(at: Evaluation, object: Flow, descriptors: Flow): void {
  descriptors.each((all) => {
    for (const key of all.keys) define(at, object, key, read(Flow.of(all), key))
    define(at, object, null, all.dynamic)
  })
}

function define(at: Evaluation, object: Flow, key: string | null, descriptor: Flow): void {
  holdAccessors(at, descriptor)
  defineProperty(at, object, key, descriptor)
}

/** Accessors that are defined by hand are called by the language. */
function holdAccessors(at: Evaluation, descriptor: Flow): void {
  at.known.escapeToLanguage(read(descriptor, 'get'))
  at.known.escapeToLanguage(read(descriptor, 'set'))
}

/** A property is what its descriptor has for a value, and what its getter gives. */
function defineProperty(at: Evaluation, object: Flow, key: string | null, descriptor: Flow): void {
  const values = new Flow()
  read(descriptor, 'value').into(values)
  read(descriptor, 'get').each((getter) => link(at, getter, [], object, values))
  if (key !== null) values.into(at.member(key))
  object.each((thing) => {
    if (thing.isNative) return
    at.store(thing, key, values)
    read(descriptor, 'set').each((setter) => {
      object.into(setter.callable?.self ?? new Flow())
      thing.reading(key).into(setter.parameter(0))
    })
  })
}

/** What `Object.getOwnPropertyDescriptor` gives: the value, or accessors of it. */
export function descriptorOf(values: Flow): Thing {
  const descriptor = new Thing('descriptor')
  const getter = new Thing('getter')
  getter.gives = values
  values.into(descriptor.property('value'))
  descriptor.property('get').add(getter)
  return descriptor
}

/**
 * How bundlers hand the exports of modules on, key by key; to take each key for any key would mix them all up:
 *
 *     for (const key in getters) Object.defineProperty(target, key, { get: getters[key] })
 *     for (const key of names) Object.defineProperty(target, key, { get: () => source[key] })
 *
 * @returns false where the call is none of these
 */
function copyByKey(at: Evaluation, target: Flow, key: AnyNode, descriptor: AnyNode): boolean {
  const get = getterIn(descriptor)
  if (!get || key.type !== 'Identifier') return false
  const isLazy = isFunction(get)
  const source = memberByKey(at, key, isLazy ? returnedBy(get) : get)
  if (!source) return false
  source.each((from) => target.each((to) => inheritFrom(to, isLazy ? from : lazily(from))))
  return true
}

const inheritFrom = (to: Thing, from: Thing): void => {
  if (to !== from && !to.isNative) to.parents.add(from)
}

function getterIn(descriptor: AnyNode): AnyNode | null {
  if (descriptor.type !== 'ObjectExpression') return null
  const property = descriptor.properties.find((each) => isProperty(each) && staticKey(each) === 'get')
  return property && isProperty(property) ? withoutParens(property.value) : null
}

/** The one expression that a function is there to give. */
function returnedBy(fn: AnyNode): AnyNode | null {
  if (!isFunction(fn) || fn.params.length > 0) return null
  if (fn.body.type !== 'BlockStatement') return withoutParens(fn.body)
  const [only] = fn.body.body
  return only?.type === 'ReturnStatement' && only.argument ? withoutParens(only.argument) : null
}

/** What `source` may be in `source[key]`. */
function memberByKey(at: Evaluation, key: AnyNode, node: AnyNode | null): Flow | null {
  if (node?.type !== 'MemberExpression' || !node.computed || node.object.type !== 'Identifier') return null
  const source = at.names.bindings.get(node.object)
  return source && isKey(at, key, node) ? at.variable(source) : null
}

const isKey = (at: Evaluation, key: AnyNode, { property }: MemberExpression): boolean =>
  at.names.bindings.has(key) && at.names.bindings.get(property) === at.names.bindings.get(key)

const lazyExports = new WeakMap<Thing, Thing>()

/** An object that has, at each key, what the function at this key gives. */
export function lazily(getters: Thing): Thing {
  const known = lazyExports.get(getters)
  if (known) return known
  const values = new Thing('exports')
  lazyExports.set(getters, values)
  for (const key of getters.keys)
    read(Flow.of(getters), key).each((getter) => getter.callable?.returns.into(values.property(key)))
  return values
}
