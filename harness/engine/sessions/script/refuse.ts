import type { AnyNode } from 'acorn'
import { impatientMethods, waitingArrayMethods } from './blocking.ts'
import { type Colours, calledBy, givesPromise, isPromising, isScripts, isWaiting, useOfPromise } from './colour.ts'
import { builtInOf, type CallSite, type Evaluation, read } from './evaluate.ts'
import { Flow, type Role, type Thing } from './flow.ts'
import { children, type FunctionNode, isFunction, type Tree } from './syntax.ts'

/** Something that k6 runs and an event loop cannot, or that k6 refuses too. */
export interface Refusal {
  node: AnyNode
  what: string
  remedy: string
}

/** Everything in the script that cannot be run, in no order. */
export function refusals(tree: Tree, evaluation: Evaluation, colours: Colours): Refusal[] {
  const found: Refusal[] = []
  for (const site of evaluation.sites) found.push(...refuseSite(tree, colours, site))
  for (const thing of evaluation.functions.values()) found.push(...refuseIterator(colours, thing))
  return found
}

function* refuseSite(tree: Tree, colours: Colours, site: CallSite): Generator<Refusal> {
  if (colours.awaited.has(site)) {
    const place = placeOf(site)
    if (place) yield { node: site.node, what: `${nameCall(colours, site)} inside ${place.what}`, remedy: place.remedy }
  }
  yield* refuseCallbacks(colours, site)
  yield* refuseReflection(colours, site)
  yield* refuseAsync(site)
  if (givesPromise(colours, site) && (useOfPromise(tree, site.node) === 'loose' || site.frame.zone !== 'body')) {
    yield {
      node: site.node,
      what: `the async function ${calleeLabel(site, (thing) => isPromising(colours, thing))} makes blocking calls and is called without await, but k6 would run it up to its first await before going on`,
      remedy: 'write "await" before the call',
    }
  }
  if (site.node.type === 'NewExpression' && [...site.callee.things].some((thing) => isPlainWaiting(colours, thing))) {
    yield { node: site.node, what: `a blocking call inside a constructor`, remedy: places.constructor.remedy }
  }
}

const isPlainWaiting = (colours: Colours, thing: Thing): boolean =>
  thing.callable !== undefined && thing.callable.role !== 'constructor' && isWaiting(colours, thing)

interface Place {
  what: string
  remedy: string
}

const places = {
  module: {
    what: 'the top level of the script, which k6 refuses too',
    remedy: 'move it into setup() or into the default function',
  },
  parameter: {
    what: 'a default parameter',
    remedy: 'give the parameter no default and fill it in on the first line of the function',
  },
  field: {
    what: 'a class-field initialiser',
    remedy: 'set the field in a method that you call after creating the object',
  },
  getter: { what: 'a getter', remedy: 'make it a method and call it' },
  setter: { what: 'a setter', remedy: 'make it a method and call it' },
  constructor: {
    what: 'a constructor',
    remedy: 'move the call into a method (or a static create()) that you call after creating the object',
  },
  language: {
    what: 'a method that the language itself calls (toString, valueOf, toJSON, Symbol.iterator)',
    remedy: 'do the call in a method that you call yourself, and keep its result',
  },
  generator: {
    what: 'a generator',
    remedy: 'return an array, or make the calls in the loop that consumes the generator',
  },
} as const satisfies Record<string, Place>

const placeOfRole: Readonly<Record<Role, Place | null>> = {
  plain: null,
  getter: places.getter,
  setter: places.setter,
  constructor: places.constructor,
  language: places.language,
  module: places.module,
}

/** Why the code around a call cannot wait; null: it can. */
function placeOf(site: CallSite): Place | null {
  const { zone, fn, role } = site.frame
  if (zone !== 'body') return places[zone]
  if (fn?.generator && !fn.async) return places.generator
  return placeOfRole[role]
}

/** k6 throws where `group` or `check` are given a function that the script declared async. */
function* refuseAsync(site: CallSite): Generator<Refusal> {
  for (const { api, label } of site.callee.things) {
    if (api?.waits !== 'callback') continue
    const given = [...(site.args[api.argument]?.flow.things ?? [])]
    for (const thing of [...given, ...given.flatMap((each) => [...each.all.things])]) {
      if (!thing.callable?.node.async || thing.callable.node.generator) continue
      const what = `${label}() does not support async functions as arguments, in k6 neither`
      yield { node: thing.callable.node, what, remedy: 'await before the call, and give it a plain function' }
    }
  }
}

/** Ways to have the language call something at a time of its own: getters and handlers by hand, calls by reflection. */
function* refuseReflection(colours: Colours, site: CallSite): Generator<Refusal> {
  const isBorrowed = (site.method === 'call' || site.method === 'apply') && !isScripts(site) && !isApis(site)
  const name = isBorrowed ? 'a built-in' : (builtInOf(site) ?? site.global ?? '')
  const called = isBorrowed ? given : reflections[name]
  for (const thing of called?.(site) ?? []) {
    if (!isWaiting(colours, thing)) continue
    const what = `${nameReason(colours, thing)} in a function that ${name} calls and does not wait for`
    yield { node: site.node, what, remedy: 'make it a method or function that the script calls itself' }
  }
}

const given = (site: CallSite): Thing[] => site.args.flatMap(({ flow }) => [...flow.things])
const accessors = (descriptor: Flow | undefined): Thing[] =>
  [...(descriptor?.things ?? [])].flatMap((thing) => [...thing.property('get').things, ...thing.property('set').things])
const valuesOf = (object: Flow | undefined): Thing[] =>
  [...(object?.things ?? [])].flatMap((thing) => [...thing.all.things])

const reflections: Readonly<Record<string, (site: CallSite) => Thing[]>> = {
  'Object.defineProperty': (site) => accessors(site.args[2]?.flow),
  'Reflect.defineProperty': (site) => accessors(site.args[2]?.flow),
  'Object.defineProperties': (site) => valuesOf(site.args[1]?.flow).flatMap((thing) => accessors(Flow.of(thing))),
  'Reflect.construct': given,
  Proxy: (site) => valuesOf(site.args[1]?.flow),
}

const isApis = (site: CallSite): boolean => [...calledBy(site)].some((thing) => thing.api || thing.callable)

/** Built-ins that call back and cannot wait for it. */
function* refuseCallbacks(colours: Colours, site: CallSite): Generator<Refusal> {
  if (site.node.type !== 'CallExpression' || !site.receiver || site.method === null || isScripts(site)) return
  const impatient = Object.hasOwn(impatientMethods, site.method) ? impatientMethods[site.method] : undefined
  const isArrays = waitingArrayMethods.has(site.method)
  for (const { flow, node } of site.args) {
    for (const thing of flow.things) {
      if (impatient && (isWaiting(colours, thing) || isPromising(colours, thing))) {
        yield { node, what: `${nameReason(colours, thing)} inside ${impatient.what}`, remedy: impatient.remedy }
      } else if (isArrays && isPromising(colours, thing)) yield asyncCallback(site.method, node)
    }
  }
}

const asyncCallback = (method: string, node: AnyNode): Refusal => ({
  node,
  what: `an async function that makes blocking calls is given to ${method}(), which does not await it`,
  remedy: 'remove "async" and "await" from it (blocking calls run one after the other anyway), or use http.batch',
})

/** `next()` of an iterator is called by the language too. */
function* refuseIterator(colours: Colours, thing: Thing): Generator<Refusal> {
  if (thing.callable?.role !== 'language') return
  for (const next of read(thing.callable.returns, 'next').things) {
    const reason = next.callable && isWaiting(colours, next) ? colours.reasons.get(next.callable.node) : undefined
    if (reason)
      yield {
        node: reason.node,
        what: `${nameCall(colours, reason)} inside ${places.language.what}`,
        remedy: places.generator.remedy,
      }
  }
}

/** `a blocking call (login, which reaches http.post)` */
function nameCall(colours: Colours, site: CallSite): string {
  const called = [...calledBy(site)].find((thing) => isWaiting(colours, thing))
  if (called) return nameReason(colours, called)
  return `a blocking call (through ${site.method ?? 'a callback'})`
}

function nameReason(colours: Colours, thing: Thing): string {
  const root = rootOf(colours, thing, new Set())
  return root === thing
    ? `a blocking call (${thing.label})`
    : `a blocking call (${thing.label}, which reaches ${root?.label ?? 'one'})`
}

/** Follows the reasons down to the k6 function. */
function rootOf(colours: Colours, thing: Thing, seen: Set<Thing>): Thing | null {
  if (thing.api) return thing
  if (seen.has(thing) || !thing.callable) return null
  seen.add(thing)
  const reason = colours.reasons.get(thing.callable.node)
  if (!reason) return null
  const inside = [...calledBy(reason), ...reason.args.flatMap((each) => [...each.flow.things])]
  const next = inside.find((each) => isWaiting(colours, each) && !seen.has(each))
  return next ? rootOf(colours, next, seen) : null
}

const calleeLabel = (site: CallSite, matches: (thing: Thing) => boolean): string =>
  [...calledBy(site)].find(matches)?.label ?? 'called here'

/** What no analysis is needed for: forms that k6 itself does not know. */
export function refuseSyntax(tree: Tree): Refusal[] {
  const found: Refusal[] = []
  const visit = (node: AnyNode, fn: FunctionNode | null): void => {
    if (node.type === 'ImportExpression')
      found.push({ node, what: 'import() at run time', remedy: 'use an import statement' })
    if (!fn && (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await))) {
      found.push({
        node,
        what: 'await at the top level of the script',
        remedy: 'move it into setup() or into the default function',
      })
    }
    const inside = isFunction(node) ? node : fn
    for (const child of children(node)) visit(child, inside)
  }
  visit(tree.program, null)
  return found
}
