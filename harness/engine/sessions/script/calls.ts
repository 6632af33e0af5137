import type { AnyNode, MemberExpression } from 'acorn'
import { builtinGlobals, builtinMethods, type Model, reflect } from './builtins.ts'
import { evaluateBundlerCall } from './bundler.ts'
import {
  type Argument,
  type CallNode,
  type CallSite,
  type Evaluation,
  elementsOf,
  evaluate,
  evaluateObject,
  type Frame,
  read,
  readMember,
} from './evaluate.ts'
import { Flow, Thing } from './flow.ts'
import { staticKey, withoutParens } from './syntax.ts'

/** Notes a call and sends its arguments and results along to all that it may call. */
export function evaluateCall(at: Evaluation, node: CallNode, frame: Frame): Flow {
  const special = evaluateBundlerCall(at, node, frame)
  if (special) return special
  const site: CallSite = {
    node,
    frame,
    ...calleeOf(at, node, frame),
    args: argumentsOf(at, node, frame),
    result: new Flow(),
  }
  at.sites.push(site)
  if (node.type === 'NewExpression') site.callee.each((thing) => construct(at, thing, site))
  else {
    site.callee.each((thing) => link(at, thing, site.args, site.receiver, site.result))
    site.receiver?.each((thing) => makesInstance(thing, site))
    const model = modelOf(site)
    if (model) model(at, site)
    else site.callee.each((thing) => callNative(at, thing, site))
  }
  return site.result
}

/** `const define = Object.defineProperty; define(...)`; of other built-ins nothing is known. */
function callNative(at: Evaluation, thing: Thing, site: CallSite): void {
  if (thing.builtIn !== undefined) builtinGlobals.get(thing.builtIn)?.(at, site)
  else if (thing === at.known.language) holdArguments(at, site)
}

/** `List.from(...)`, where the script's own List extends Array. */
function makesInstance({ instance, isNative }: Thing, site: CallSite): void {
  if (instance && !isNative) site.callee.each((callee) => callee.isNative && site.result.add(instance))
}

function modelOf({ global, method }: CallSite): Model | undefined {
  if (global === null) return builtinMethods.get(method ?? '')
  return (
    builtinGlobals.get(`${global}.${method}`) ?? (global === 'Object' || global === 'Reflect' ? reflect : undefined)
  )
}

function holdArguments(at: Evaluation, site: CallSite): void {
  for (const each of site.args) at.known.escapeToLanguage(each.flow)
}

type Callee = Pick<CallSite, 'callee' | 'receiver' | 'method' | 'global'>

function calleeOf(at: Evaluation, node: CallNode, frame: Frame): Callee {
  const callee = withoutParens(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee)
  if (callee.type === 'Super')
    return { callee: frame.superClass ?? new Flow(), receiver: frame.self, method: null, global: null }
  const member = callee.type === 'ChainExpression' ? callee.expression : callee
  if (member.type !== 'MemberExpression') {
    const global = callee.type === 'Identifier' && !at.names.bindings.has(callee) ? callee.name : null
    return { callee: evaluate(at, callee, frame), receiver: null, method: null, global }
  }
  return memberCallee(at, member, frame)
}

function memberCallee(at: Evaluation, member: MemberExpression, frame: Frame): Callee {
  const receiver = evaluateObject(at, member, frame)
  const object = withoutParens(member.object)
  const isGlobal = object.type === 'Identifier' && !at.names.bindings.has(object)
  return {
    callee: readMember(at, member, receiver, frame),
    receiver: member.object.type === 'Super' ? frame.self : receiver,
    method: staticKey(member),
    global: isGlobal ? object.name : null,
  }
}

function argumentsOf(at: Evaluation, node: CallNode, frame: Frame): Argument[] {
  if (node.type === 'TaggedTemplateExpression') {
    const strings: Argument = { node: node.quasi, flow: Flow.of(at.known.language), spread: false }
    return [strings, ...node.quasi.expressions.map((part) => argument(at, part, frame))]
  }
  return node.arguments.map((part) => argument(at, part, frame))
}

function argument(at: Evaluation, node: AnyNode, frame: Frame): Argument {
  if (node.type !== 'SpreadElement') return { node, flow: evaluate(at, node, frame), spread: false }
  return { node, flow: elementsOf(evaluate(at, node.argument, frame)), spread: true }
}

export const plainArguments = (node: AnyNode, ...flows: Flow[]): Argument[] =>
  flows.map((flow) => ({ node, flow, spread: false }))

/** `thing(...args)` gives `result`. */
export function link(at: Evaluation, thing: Thing, args: readonly Argument[], self: Flow | null, result: Flow): void {
  if (thing.isNative || thing.api) linkNative(at, thing, args, result)
  thing.gives?.into(result)
  if (!thing.callable) return
  passArguments(thing, args)
  if (self && thing.callable.node.type !== 'ArrowFunctionExpression') self.into(thing.callable.self)
  resultOf(at, thing, result)
}

function linkNative(at: Evaluation, thing: Thing, args: readonly Argument[], result: Flow): void {
  for (const each of args) at.known.escape(each.flow)
  if (thing.api?.waits === 'callback') args[thing.api.argument]?.flow.each((callback) => resultOf(at, callback, result))
  if (thing === at.known.promiseApi) result.add(promiseOf(at, Flow.of(at.known.engine)))
  else if (thing.builtIn !== undefined) result.add(at.known.language)
  else result.add(thing.isNative ? thing : at.known.engine)
}

/** What calling it gives: a promise of its values, an iterator over them, or the values. */
function resultOf(at: Evaluation, thing: Thing, result: Flow): void {
  const { callable } = thing
  if (!callable) return
  if (callable.node.generator) {
    const iterator = at.known.builtIn('iterator')
    callable.returns.into(iterator.elements)
    result.add(iterator)
  } else if (callable.node.async) result.add(promiseOf(at, callable.returns))
  else callable.returns.into(result)
}

const promises = new WeakMap<Flow, Thing>()

/** A promise for any of these values; always the same thing for the same flow. */
export function promiseOf(at: Evaluation, values: Flow): Thing {
  const known = promises.get(values)
  if (known) return known
  const promise = at.known.builtIn('promise')
  promise.isPromise = true
  promises.set(values, promise)
  values.each((thing) => (thing.isPromise ? thing.property('value') : Flow.of(thing)).into(promise.property('value')))
  return promise
}

function passArguments(thing: Thing, args: readonly Argument[]): void {
  let afterSpread = false
  args.forEach(({ flow, spread }, index) => {
    afterSpread ||= spread
    const count = afterSpread ? Math.max(thing.callable?.node.params.length ?? 0, index + 1) : index + 1
    for (let place = index; place < count; place++) flow.into(thing.parameter(place))
    if (thing.callable) flow.into(thing.callable.every)
    if (thing.callable && (afterSpread || index >= thing.callable.restFrom)) flow.into(thing.callable.rest)
  })
}

/** `new thing(...)`. */
export function construct(at: Evaluation, thing: Thing, site: CallSite): void {
  if (thing.isNative) {
    constructNative(at, thing, site)
    return
  }
  if (thing.callable) passArguments(thing, site.args)
  else thing.parents.each((base) => base.callable && passArguments(base, site.args))
  if (!thing.instance) instanceOfFunction(thing)
  if (thing.instance) site.result.add(thing.instance)
}

function instanceOfFunction(thing: Thing): void {
  const instance = new Thing(`new ${thing.label}`)
  thing.instance = instance
  thing.property('prototype').into(instance.parents)
  thing.callable?.self.add(instance)
}

/** Collections hold what they are given; a promise gets its value in ways that are not followed. */
function constructNative(at: Evaluation, native: Thing, site: CallSite): void {
  const { global, args } = site
  for (const each of args) at.known.escape(each.flow)
  const made = at.known.builtIn(`new ${global}`)
  if (global === 'Promise') {
    made.isPromise = true
    made.property('value').add(at.known.language)
    site.result.add(made)
  } else if (global !== null && collections.has(global)) {
    const given = args[0]?.flow ?? new Flow()
    if (global === 'WeakRef') given.into(made.elements)
    elementsOf(given).into(made.elements)
    elementsOf(elementsOf(given)).into(made.elements)
    site.result.add(made)
  } else {
    if (native === at.known.language) holdArguments(at, site)
    site.result.add(native === at.known.language ? made : native)
    if (global === 'Proxy') standFor(at, site, made)
  }
}

/** A Proxy has what its target has, and what the `get` of its handler gives. */
function standFor(at: Evaluation, { node, args }: CallSite, proxy: Thing): void {
  const [target, handler] = args.map(({ flow }) => flow)
  target?.into(proxy.parents)
  if (!target || !handler) return
  const given = plainArguments(node, target, Flow.of(at.known.language), Flow.of(proxy))
  read(handler, 'get').each((thing) => link(at, thing, given, null, proxy.dynamic))
}

const collections: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakRef', 'Array'])
