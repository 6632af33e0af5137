import type { Blocking } from './blocking.ts'
import type { FunctionNode } from './syntax.ts'
import { elementKey } from './syntax.ts'

/**
 * In a big library everything seems to flow everywhere. A place that more things than this can reach says nothing any
 * more; following them all takes minutes and gigabytes.
 */
const sizeLimit = 50

/**
 * Which functions can a name, a property or a parameter stand for? Every place of the script where a value can be is
 * a Flow; things (functions, objects, k6 exports) that enter one flow travel along its edges into others:
 *
 *     const ops = { a: http.get }      http.get ─► ops.a ─┐
 *     const f = ops[name]                                 ├─► f ─► callee of the call below
 *     f(url)                           every property ────┘
 *
 * The order of statements plays no part, so the answer is what may happen on some path, never less, for the constructs
 * that `evaluate.ts` knows.
 */
export class Flow {
  readonly things = new Set<Thing>()
  /** More came than is followed: what is here is not all. */
  isFull = false
  readonly #targets = new Set<Flow>()
  readonly #watchers: ((thing: Thing) => void)[] = []

  static of(...things: Thing[]): Flow {
    const flow = new Flow()
    for (const thing of things) flow.add(thing)
    return flow
  }

  add(thing: Thing): void {
    if (this.things.has(thing) || this.#isFullFor(thing)) return
    this.things.add(thing)
    later(() => {
      for (const target of this.#targets) target.add(thing)
      for (const watcher of [...this.#watchers]) watcher(thing)
    })
  }

  #isFullFor(thing: Thing): boolean {
    if (this.things.size < sizeLimit || thing.api) return false
    this.isFull = true
    return true
  }

  /** Everything that is here, now or later, is also there. */
  into(target: Flow): void {
    if (target === this || this.#targets.has(target)) return
    this.#targets.add(target)
    for (const thing of [...this.things]) target.add(thing)
  }

  /** Calls back once for each thing that is here, now or later. */
  each(watcher: (thing: Thing) => void): void {
    const seen = new Set<Thing>()
    const once = (thing: Thing): void => {
      if (seen.has(thing)) return
      seen.add(thing)
      watcher(thing)
    }
    this.#watchers.push(once)
    for (const thing of [...this.things]) once(thing)
  }
}

/** Edges form long chains in a big bundle; a queue instead of recursion keeps the stack flat. */
const queue: (() => void)[] = []
let draining = false

function later(step: () => void): void {
  queue.push(step)
  if (draining) return
  draining = true
  for (let index = 0; index < queue.length; index++) queue[index]?.()
  queue.length = 0
  draining = false
}

/** What the language or a class does with a function of the script, where that matters. */
export type Role = 'plain' | 'getter' | 'setter' | 'constructor' | 'language' | 'module'

export interface CallableFacts {
  node: FunctionNode
  role: Role
  returns: Flow
  self: Flow
  /** Elements of `arguments`. */
  every: Flow
  /** Where a rest parameter begins. */
  restFrom: number
  rest: Flow
}

/** Something that can be called, or has properties that can. */
export class Thing {
  readonly label: string
  /** A function of the script. */
  callable?: CallableFacts
  /** An export of a k6 module that blocks. */
  api?: Blocking
  /** Belongs to the language or to the engine: holds no function of the script, and calls back what it is given. */
  isNative = false
  /** `Object.defineProperty`: a built-in that is known also under other names. */
  builtIn?: string
  isPromise = false
  /** What calling it gives, where it is no function of the script. */
  gives?: Flow
  /** What `new` makes of it. */
  instance?: Thing
  /** Prototypes and super classes. */
  readonly parents = new Flow()
  /** Values written under a key that is known at run time only. */
  readonly dynamic = new Flow()
  /** Every property's values. */
  readonly all = new Flow()
  readonly #properties = new Map<string, Flow>()
  readonly #readings = new Map<string | null, Flow>()
  readonly #parameters: Flow[] = []

  constructor(label: string) {
    this.label = label
    this.dynamic.into(this.all)
  }

  property(key: string): Flow {
    const known = this.#properties.get(key)
    if (known) return known
    const flow = new Flow()
    this.#properties.set(key, flow)
    this.dynamic.into(flow)
    flow.into(this.all)
    return flow
  }

  get keys(): Iterable<string> {
    return this.#properties.keys()
  }

  get elements(): Flow {
    return this.property(elementKey)
  }

  parameter(index: number): Flow {
    return (this.#parameters[index] ??= new Flow())
  }

  /** What reading `key` may give; null: any key. Prototypes may form a cycle, so each key is followed once. */
  reading(key: string | null): Flow {
    const known = this.#readings.get(key)
    if (known) return known
    const flow = new Flow()
    this.#readings.set(key, flow)
    if (this.isNative) flow.add(this)
    const own = key === null ? this.all : this.property(key)
    own.into(flow)
    this.parents.each((parent) => {
      // A built-in prototype gives methods, not elements.
      if (!parent.isNative || (key !== null && key !== elementKey)) parent.reading(key).into(flow)
    })
    return flow
  }
}
