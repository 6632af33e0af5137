import { type Blocking, blockingApis, promiseApis } from './blocking.ts'
import { Flow, Thing } from './flow.ts'
import { languageNames } from './language.ts'

/** Module name -> names that it exports, "default" included. */
export type ProvidedModules = ReadonlyMap<string, ReadonlySet<string>>

/** The things that exist before the script does: the language's, and the exports of k6 modules. */
export class Known {
  /** Values of the engine, and what comes out of them: what it is given to call, it waits for. */
  readonly engine = nativeThing('engine')
  /** Built-ins of the language: what they are given to call, they do not wait for. */
  readonly language = nativeThing('language')
  /** Functions that built-ins have got hold of, other than those whose ways `builtins.ts` knows. */
  readonly heldByLanguage = new Set<Thing>()
  /** `globalThis` of the script. */
  readonly globals = new Thing('globalThis')
  readonly promiseApi = nativeThing('asyncRequest')
  readonly #provided: ProvidedModules
  readonly #modules = new Map<string, Thing>()
  readonly #escaped = new Set<Thing>()
  readonly #functions = new Map<string, Thing>()

  constructor(provided: ProvidedModules) {
    this.#provided = provided
  }

  /** An array, a Map, a promise, ...: its methods are the language's, what is in it may be the script's. */
  builtIn(label: string): Thing {
    const thing = new Thing(label)
    thing.parents.add(this.language)
    return thing
  }

  /** A name that the script does not declare. */
  global(name: string): Flow {
    if (name === 'globalThis') return Flow.of(this.globals)
    const flow = this.globals.property(name)
    flow.add(languageNames.has(name) ? this.language : this.engine)
    return flow
  }

  /** A function of the language such as `Object.defineProperty`, which a script may give another name. */
  builtInFunction(name: string): Thing {
    const known = this.#functions.get(name)
    if (known) return known
    const made = nativeThing(name)
    made.builtIn = name
    this.#functions.set(name, made)
    return made
  }

  /** The namespace of a k6 module; its default export has the same members. */
  module(name: string): Thing {
    const known = this.#modules.get(name)
    if (known) return known
    const module = new Thing(name)
    const main = new Thing(name)
    this.#modules.set(name, module)
    module.property('default').add(main)
    for (const key of this.#provided.get(name) ?? []) {
      if (key === 'default') continue
      const member = this.#member(name, key)
      module.property(key).add(member)
      main.property(key).add(member)
    }
    return module
  }

  #member(module: string, key: string): Thing {
    const api = blockingApis[module]?.[key]
    if (api) return apiThing(`${module === 'k6' ? '' : `${module.replace(/^.*\//, '')}.`}${key}`, api)
    return promiseApis[module]?.includes(key) ? this.promiseApi : this.engine
  }

  /** The engine or the language gets hold of these values: it may call them, with values of its own. */
  escape(values: Flow): void {
    values.each((thing) => this.#escapeThing(thing))
  }

  /** The same for a built-in of which nothing more is known. */
  escapeToLanguage(values: Flow): void {
    this.escape(values)
    values.each((thing) => this.#hold(thing))
  }

  #hold(thing: Thing): void {
    if (thing.isNative || thing.api || this.heldByLanguage.has(thing)) return
    this.heldByLanguage.add(thing)
    thing.all.each((inside) => this.#hold(inside))
  }

  #escapeThing(thing: Thing): void {
    if (thing.isNative || thing.api || this.#escaped.has(thing)) return
    this.#escaped.add(thing)
    const { callable } = thing
    if (callable) {
      callable.node.params.forEach((_, index) => void thing.parameter(index).add(this.engine))
      callable.every.add(this.engine)
      callable.rest.add(this.engine)
    }
    this.escape(thing.all)
  }
}

function nativeThing(label: string): Thing {
  const thing = new Thing(label)
  thing.isNative = true
  return thing
}

function apiThing(label: string, api: Blocking): Thing {
  const thing = new Thing(label)
  thing.api = api
  return thing
}
