import { type Blocking, blockingApis, promiseApis } from './blocking.ts'
import { Flow, Thing } from './flow.ts'

/** Module name -> names that it exports, "default" included. */
export type ProvidedModules = ReadonlyMap<string, ReadonlySet<string>>

/** The things that exist before the script does: the language's, and the exports of k6 modules. */
export class Known {
  readonly native = nativeThing('native')
  /** `globalThis` of the script. */
  readonly globals = new Thing('globalThis')
  readonly promiseApi = nativeThing('asyncRequest')
  readonly #provided: ProvidedModules
  readonly #modules = new Map<string, Thing>()
  readonly #escaped = new Set<Thing>()

  constructor(provided: ProvidedModules) {
    this.#provided = provided
  }

  /** A name that the script does not declare. */
  global(name: string): Flow {
    if (name === 'globalThis') return Flow.of(this.globals)
    const flow = this.globals.property(name)
    flow.add(this.native)
    return flow
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
    return promiseApis[module]?.includes(key) ? this.promiseApi : this.native
  }

  /** The engine or the language gets hold of these values: it may call them, with values of its own. */
  escape(values: Flow): void {
    values.each((thing) => this.#escapeThing(thing))
  }

  #escapeThing(thing: Thing): void {
    if (thing.isNative || thing.api || this.#escaped.has(thing)) return
    this.#escaped.add(thing)
    const { callable } = thing
    if (callable) {
      callable.node.params.forEach((_, index) => void thing.parameter(index).add(this.native))
      callable.every.add(this.native)
      callable.rest.add(this.native)
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
