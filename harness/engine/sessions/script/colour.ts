import type { AnyNode } from 'acorn'
import { waitingArrayMethods } from './blocking.ts'
import { builtInOf, type CallSite, type Evaluation } from './evaluate.ts'
import type { Thing } from './flow.ts'
import type { FunctionNode, Tree } from './syntax.ts'

/**
 * Which calls wait, and which functions wait because of them: a fixpoint, since a function that calls a waiting
 * function waits too.
 *
 *     function get() { return http.get(u) }    http.get waits ─► get waits ─► retry's fn() waits ─► retry waits
 *     function retry(fn) { return fn() }
 *     retry(get)
 */
export interface Colours {
  /** Functions of the script that must become async. */
  waiting: ReadonlySet<FunctionNode>
  /** Functions that give a promise by the script's own design, and block before their first own `await`. */
  promising: ReadonlySet<FunctionNode>
  /** Calls that must be awaited. */
  awaited: ReadonlySet<CallSite>
  /** The first call for which a function has its colour. */
  reasons: ReadonlyMap<FunctionNode, CallSite>
}

class Colouring implements Colours {
  readonly waiting = new Set<FunctionNode>()
  readonly promising = new Set<FunctionNode>()
  readonly awaited = new Set<CallSite>()
  readonly reasons = new Map<FunctionNode, CallSite>()
  readonly #tree: Tree
  readonly #guesses: ReadonlySet<CallSite>

  constructor(tree: Tree, guesses: ReadonlySet<CallSite>) {
    this.#tree = tree
    this.#guesses = guesses
  }

  settle(sites: readonly CallSite[]): void {
    let before: number
    do {
      before = this.#size
      for (const site of sites) this.#colour(site)
    } while (this.#size > before)
  }

  get #size(): number {
    return this.waiting.size + this.promising.size + this.awaited.size
  }

  #colour(site: CallSite): void {
    if (!this.awaited.has(site) && (waits(this, site) || this.#guesses.has(site))) this.awaited.add(site)
    const { fn, zone } = site.frame
    if (!fn || zone !== 'body') return
    if (this.awaited.has(site)) this.#add(fn.async ? this.promising : this.waiting, fn, site)
    if (givesPromise(this, site) && useOfPromise(this.#tree, site.node) !== 'loose') this.#add(this.promising, fn, site)
  }

  #add(colour: Set<FunctionNode>, fn: FunctionNode, site: CallSite): void {
    if (fn.generator) return
    if (!this.reasons.has(fn)) this.reasons.set(fn, site)
    colour.add(fn)
  }
}

/** Colours everything; `guesses` are calls that are awaited though nobody knows what they call. */
export function colour(tree: Tree, evaluation: Evaluation, guesses: ReadonlySet<CallSite>): Colours {
  const colouring = new Colouring(tree, guesses)
  colouring.settle(evaluation.sites)
  return colouring
}

export const isWaiting = (colours: Colours, thing: Thing): boolean =>
  thing.api?.waits === 'always' || (thing.callable !== undefined && colours.waiting.has(thing.callable.node))

export const isPromising = (colours: Colours, thing: Thing): boolean =>
  thing.callable !== undefined && colours.promising.has(thing.callable.node)

const anyWaiting = (colours: Colours, things: Iterable<Thing> | undefined): boolean =>
  [...(things ?? [])].some((thing) => isWaiting(colours, thing))

/** Does this call wait, as far as the colours are known? */
function waits(colours: Colours, site: CallSite): boolean {
  if (site.node.type === 'NewExpression') return isWaitingPromise(colours, site)
  if (anyWaiting(colours, calledBy(site))) return true
  if (helperOf(colours, site) !== null) return true
  return [...site.callee.things].some((thing) => waitsForCallback(colours, thing, site))
}

/** What runs when the site is called: the callee, what `.call` and `.apply` are called on, what Reflect.apply is given. */
export function* calledBy(site: CallSite): Generator<Thing> {
  yield* site.callee.things
  if (builtInOf(site) === 'Reflect.apply') yield* site.args[0]?.flow.things ?? []
  if (site.receiver && (site.method === 'call' || site.method === 'apply')) yield* site.receiver.things
}

/** `group(name, fn)` and `check(value, { name: fn })` wait where the function does; one that nobody knows may. */
function waitsForCallback(colours: Colours, thing: Thing, site: CallSite): boolean {
  if (thing.api?.waits !== 'callback') return false
  const given = site.args[thing.api.argument]?.flow.things
  if (!given) return false
  if (given.size === 0) return true
  return anyWaiting(colours, given) || [...given].some((each) => anyWaiting(colours, each.all.things))
}

/** `new Promise((resolve) => { sleep(1); resolve() })` */
export const isWaitingPromise = (colours: Colours, site: CallSite): boolean =>
  site.node.type === 'NewExpression' && site.global === 'Promise' && anyWaiting(colours, site.args[0]?.flow.things)

/** The helper that stands in for a built-in whose callback waits: `map`, ..., `arrayFrom`; null: none is needed. */
export function helperOf(colours: Colours, site: CallSite): string | null {
  if (site.node.type !== 'CallExpression') return null
  if (site.global === 'Array' && site.method === 'from')
    return anyWaiting(colours, site.args[1]?.flow.things) ? 'arrayFrom' : null
  if (!site.receiver || site.method === null || !waitingArrayMethods.has(site.method) || isScripts(site)) return null
  return anyWaiting(colours, site.args[0]?.flow.things) ? site.method : null
}

/** The script itself defines what is called. */
export const isScripts = (site: CallSite): boolean => [...site.callee.things].some((thing) => thing.callable)

export const givesPromise = (colours: Colours, site: CallSite): boolean =>
  site.node.type !== 'NewExpression' && [...calledBy(site)].some((thing) => isPromising(colours, thing))

/** A waiting function whose result may be a promise of the script: `await` must not open that one. */
export const holdsPromise = (colours: Colours, thing: Thing): boolean =>
  isWaiting(colours, thing) && [...(thing.callable?.returns.things ?? [])].some((each) => each.isPromise)

/** What becomes of the promise that a call gives: awaited on the spot, handed to the caller, or neither. */
export function useOfPromise(tree: Tree, call: AnyNode): 'awaited' | 'returned' | 'loose' {
  const parent = tree.parents.get(call)
  switch (parent?.type) {
    case 'AwaitExpression':
      return 'awaited'
    case 'ReturnStatement':
      return 'returned'
    case 'ArrowFunctionExpression':
      return parent.body === call ? 'returned' : 'loose'
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return useOfPromise(tree, parent)
    case 'ConditionalExpression':
      return parent.test === call ? 'loose' : useOfPromise(tree, parent)
    case 'LogicalExpression':
      return parent.right === call ? useOfPromise(tree, parent) : 'loose'
    case 'SequenceExpression':
      return parent.expressions.at(-1) === call ? useOfPromise(tree, parent) : 'loose'
    default:
      return 'loose'
  }
}
