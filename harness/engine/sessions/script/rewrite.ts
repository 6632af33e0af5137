import type { AnyNode, TryStatement } from 'acorn'
import type MagicString from 'magic-string'
import { openChain, openHelperMember } from './chains.ts'
import { type Colours, calledBy, helperOf, holdsPromise, isWaitingPromise } from './colour.ts'
import type { CallSite, Evaluation } from './evaluate.ts'
import { factoryNames } from './link.ts'
import { children, type FunctionNode, isFunction, type Tree } from './syntax.ts'

/** The name under which the rewritten script finds the helpers. */
export const helpersName = factoryNames.helpers

export interface Rewriting {
  text: MagicString
  tree: Tree
  evaluation: Evaluation
  colours: Colours
  /** Calls that wait, by node. */
  waiting: ReadonlyMap<AnyNode, CallSite>
  /** Calls whose opening text an optional chain around them has put in. */
  opened: Set<AnyNode>
}

/** Makes waiting functions async, awaits waiting calls and lets interrupts through; leaves all else as it is. */
export function rewriteCalls(text: MagicString, tree: Tree, evaluation: Evaluation, colours: Colours): void {
  const waiting = new Map<AnyNode, CallSite>([...colours.awaited].map((site) => [site.node, site]))
  rewrite({ text, tree, evaluation, colours, waiting, opened: new Set() }, tree.program)
}

/**
 * Texts before a node are put in on the way down and texts after it on the way up, so that what is outside in the
 * tree is outside in the text where two begin or end at the same place.
 */
function rewrite(at: Rewriting, node: AnyNode): void {
  const splits = node.type === 'ChainExpression' ? openChain(at, node) : 0
  const isHeld = holds(at, node)
  if (isHeld) at.text.appendRight(node.start, `${helpersName}.hold(`)
  const site = at.waiting.get(node)
  if (site && !at.opened.has(node)) openCall(at, site)
  if (isFunction(node) && at.colours.waiting.has(node)) makeAsync(at, node)
  if (node.type === 'TryStatement') letInterruptsThrough(at, node)
  for (const child of children(node)) rewrite(at, child)
  if (site) at.text.appendLeft(node.end, ')')
  if (isHeld) at.text.appendLeft(node.end, ')')
  if (splits > 0) at.text.appendLeft(node.end, '))'.repeat(splits))
}

function openCall(at: Rewriting, site: CallSite): void {
  at.text.appendRight(site.node.start, opening(at, site))
  const helper = helperOf(at.colours, site)
  if (isWaitingPromise(at.colours, site) && site.node.type === 'NewExpression') {
    at.text.update(site.node.start, site.node.callee.end, `${helpersName}.newPromise`)
  } else if (helper === 'arrayFrom' && site.node.type === 'CallExpression') {
    at.text.update(site.node.callee.start, site.node.callee.end, `${helpersName}.arrayFrom`)
  } else if (helper && site.node.type === 'CallExpression') openHelperMember(at, site.node, ', ')
}

/** What stands before a waiting call; one `)` closes it. A promise that the call gives as a value is let out again. */
export function opening(at: Rewriting, site: CallSite): string {
  const helper = helperOf(at.colours, site)
  const wait =
    site.node.type === 'NewExpression' || helper || givesHeld(at, site) ? `${helpersName}.release(await ` : '(await '
  return helper && helper !== 'arrayFrom' ? `${wait}${helpersName}.${helper}(` : wait
}

function givesHeld(at: Rewriting, site: CallSite): boolean {
  const callbacks = [...site.callee.things].flatMap((thing) =>
    thing.api?.waits === 'callback' ? [...(site.args[thing.api.argument]?.flow.things ?? [])] : [],
  )
  return [...calledBy(site), ...callbacks].some((thing) => holdsPromise(at.colours, thing))
}

/** Is this what a waiting function returns, and maybe a promise? */
function holds(at: Rewriting, node: AnyNode): boolean {
  const parent = at.tree.parents.get(node)
  const isReturned =
    parent?.type === 'ReturnStatement' || (parent?.type === 'ArrowFunctionExpression' && parent.body === node)
  if (!isReturned || node.type === 'BlockStatement') return false
  let fn: AnyNode | undefined = parent
  while (fn && !isFunction(fn)) fn = at.tree.parents.get(fn)
  const thing = fn && isFunction(fn) ? at.evaluation.functions.get(fn) : undefined
  return thing !== undefined && holdsPromise(at.colours, thing)
}

const unlessStopped = `if (${factoryNames.user}.isStopped) throw ${helpersName}.interrupted(); `

/** In k6 an interrupt runs neither `catch` nor `finally`. */
function letInterruptsThrough(at: Rewriting, { handler, finalizer }: TryStatement): void {
  for (const block of [handler?.body, finalizer]) if (block) at.text.appendRight(block.start + 1, unlessStopped)
}

function makeAsync(at: Rewriting, node: FunctionNode): void {
  const parent = at.tree.parents.get(node)
  const isMethod = parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && parent.method)
  if (!isMethod) return void at.text.appendRight(node.start, 'async ')
  const { key, computed } = parent
  at.text.appendRight(computed ? at.tree.code.lastIndexOf('[', key.start) : key.start, 'async ')
}
