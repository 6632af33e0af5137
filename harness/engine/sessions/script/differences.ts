import type { AnyNode, CallExpression } from 'acorn'
import type { Analysis } from './analysis.ts'
import type { CallSite } from './evaluate.ts'
import { children, staticKey, withoutParens } from './syntax.ts'

/** What runs on both engines, and not alike, or only until it is reached. */
export interface Difference {
  node: AnyNode
  engine: 'weir' | 'k6'
  kind: 'refused' | 'differs'
  what: string
  remedy: string
}

/** Members of k6's values that the embedded engine does not have: using one ends the load. */
const missingMembers: Readonly<Record<string, string>> = {
  html: 'Response.html()',
  submitForm: 'Response.submitForm()',
  clickLink: 'Response.clickLink()',
}

/** Everything of the kind that can be seen without running the script. */
export function findDifferences(analysis: Analysis): Difference[] {
  const found = analysis.evaluation.sites.flatMap((site) => [
    ...usesMissingMember(analysis, site),
    ...patchesPrototype(site),
    ...reactsToPromise(analysis, site),
    ...makesCode(analysis, site),
  ])
  visitAll(analysis.tree.program, (node) => found.push(...asksForDigest(node), ...patchesByAssignment(analysis, node)))
  return [...found, ...usesOwnGlobals(analysis)]
}

function visitAll(node: AnyNode, look: (node: AnyNode) => void): void {
  look(node)
  for (const child of children(node)) visitAll(child, look)
}

function* usesMissingMember({ evaluation }: Analysis, site: CallSite): Generator<Difference> {
  const name = Object.hasOwn(missingMembers, site.method ?? '') ? missingMembers[site.method ?? ''] : undefined
  const isScripts = [...site.callee.things].some((thing) => thing.callable)
  if (!name || isScripts || !site.receiver?.things.has(evaluation.known.engine)) return
  yield {
    node: site.node,
    engine: 'weir',
    kind: 'refused',
    what: `${name} is not provided: the load would end here`,
    remedy: 'take what you need out of body with a regular expression, or run the script with "k6 run"',
  }
}

function* asksForDigest(node: AnyNode): Generator<Difference> {
  if (node.type !== 'Property' || staticKey(node) !== 'auth' || node.value.type !== 'Literal') return
  const scheme = node.value.value
  if (scheme !== 'digest' && scheme !== 'ntlm') return
  yield {
    node,
    engine: 'weir',
    kind: 'refused',
    what: `auth: "${scheme}" is not provided`,
    remedy: 'use basic authentication, or run the script with "k6 run"',
  }
}

const sharedPrototype = (what: string, node: AnyNode): Difference => ({
  node,
  engine: 'weir',
  kind: 'differs',
  what: `${what} is patched: in weir all users share the language's prototypes, in k6 each has its own`,
  remedy: 'harmless where every user patches alike; keep no state of one user there',
})

/** `String.prototype.x = ...` */
function* patchesByAssignment({ names }: Analysis, node: AnyNode): Generator<Difference> {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return
  const holder = node.left.object
  if (holder.type !== 'MemberExpression' || staticKey(holder) !== 'prototype') return
  const { object } = holder
  if (object.type === 'Identifier' && !names.bindings.has(object))
    yield sharedPrototype(`${object.name}.prototype`, node)
}

/** `Object.defineProperty(Array.prototype, ...)`, `Object.assign(Array.prototype, ...)` */
function* patchesPrototype({ node, global, method }: CallSite): Generator<Difference> {
  if (node.type !== 'CallExpression' || global !== 'Object' || !/^(assign|defineProp)/.test(method ?? '')) return
  const [target] = node.arguments
  if (target?.type !== 'MemberExpression' || staticKey(target) !== 'prototype') return
  if (target.object.type === 'Identifier' && /^[A-Z]/.test(target.object.name) && languageHas(target.object.name))
    yield sharedPrototype(`${target.object.name}.prototype`, node)
}

const languageHas = (name: string): boolean => name in globalThis

/** `promise.then(...)` in a function that goes on to block. */
function* reactsToPromise({ tree, colours }: Analysis, site: CallSite): Generator<Difference> {
  const { fn } = site.frame
  if (!fn || fn.async || !colours.waiting.has(fn) || !/^(then|catch|finally)$/.test(site.method ?? '')) return
  if (site.node.type !== 'CallExpression' || !blocksLater([...colours.awaited], site.node, fn)) return
  if (tree.parents.get(site.node)?.type === 'MemberExpression') return
  yield {
    node: site.node,
    engine: 'weir',
    kind: 'differs',
    what: 'a promise callback may run during the blocking calls that follow it; k6 runs it after this function has returned',
    remedy: 'make the function async and await the promise, where the order matters',
  }
}

const blocksLater = (awaited: readonly CallSite[], call: CallExpression, fn: AnyNode): boolean =>
  awaited.some(({ node, frame }) => frame.fn === fn && node.start > call.end)

/** Globals that weir has and k6 v1 has not, and what to do about it. */
const ownGlobals: Readonly<Record<string, string>> = {
  performance: 'use Date.now()',
  TextEncoder: 'use encoding.b64decode(encoding.b64encode(text)), or a module that brings its own',
  TextDecoder: 'use String.fromCharCode(), or a module that brings its own',
}

/** A script that asks `typeof performance` first knows that it may not be there. */
function* usesOwnGlobals({ names, tree }: Analysis): Generator<Difference> {
  for (const [name, way] of Object.entries(ownGlobals)) {
    const uses = names.free.filter((node) => node.name === name)
    const isAsked = uses.some((node) => tree.parents.get(node)?.type === 'UnaryExpression')
    const [first] = uses
    if (!first || isAsked) continue
    const remedy = `${way}, or ask "typeof ${name}" first`
    yield { node: first, engine: 'k6', kind: 'refused', what: `k6 has no global "${name}"`, remedy }
  }
}

/** `eval(text)`, `new Function(text)`, `f.constructor(text)` */
function* makesCode({ names }: Analysis, { node, method }: CallSite): Generator<Difference> {
  const callee = node.type === 'TaggedTemplateExpression' ? null : withoutParens(node.callee)
  const name = callee?.type === 'Identifier' && !names.bindings.has(callee) ? callee.name : null
  const isOfFunction = node.type === 'CallExpression' && method === 'constructor'
  if (name !== 'eval' && name !== 'Function' && !isOfFunction) return
  yield {
    node,
    engine: 'weir',
    kind: 'differs',
    what: `code is made of text (${name ?? 'constructor'}): in weir a blocking call in it, or of a function that it is handed, ends the load`,
    remedy: 'write the code into the script, or into a file that it imports',
  }
}
