import { Script } from 'node:vm'
import { helpers } from './helpers.ts'
import { initFolder } from './init-folder.ts'
import { languageNames } from './language.ts'
import { factoryNames } from './link.ts'
import { evaluator, functionMaker, guardFunctionConstructors, isHidden } from './made-code.ts'

export interface ScriptWorld {
  /** Namespace by module name: every module that the script imports. */
  modules: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What the script finds as globals: __ENV, __VU, __ITER, open, console, ... `__VU` and `__ITER` are read anew each time. */
  globals: Readonly<Record<string, unknown>>
  /** Once it is stopped, the script's `catch` and `finally` clauses do nothing any more. */
  user?: { readonly isStopped: boolean }
}

const unstoppable = { isStopped: false }

export type ScriptExports = Record<string, unknown>

export interface FactoryCode {
  /** For stacks. */
  filename: string
  /** Stands on a line of its own before `code`, so that lines of stacks are lines of `code`. */
  prologue: string
  code: string
  epilogue: string
  mentioned: readonly string[]
}

/** The module body in stacks. */
export const bodyName = '__weir_script'

type Factory = (...given: unknown[]) => ScriptExports

/**
 * Runs a script's module body once for each user. The code is compiled once; a user costs the closures and variables
 * of the body. What Node has and k6 has not is hidden: such a name is undefined.
 */
export class Realm {
  readonly #code: FactoryCode
  readonly #factories = new Map<string, { factory: Factory; names: readonly string[] }>()

  constructor(code: FactoryCode) {
    this.#code = code
  }

  instantiate(world: ScriptWorld): ScriptExports {
    const given = this.#code.mentioned.map((name) => (name in world.globals ? '1' : '0')).join('')
    let made = this.#factories.get(given)
    if (!made) {
      made = this.#compile(world)
      this.#factories.set(given, made)
    }
    let globals: Globals | null = null
    const own = (): Globals => (globals ??= globalThisOf(world))
    const values = made.names.map((name) => globalValue(name, world, own))
    initFolder.current = null
    return made.factory(world.modules, helpers, world.globals, world.user ?? unstoppable, ...values)
  }

  #compile(world: ScriptWorld): { factory: Factory; names: readonly string[] } {
    const { filename, prologue, code, epilogue, mentioned } = this.#code
    const candidates = mentioned.includes('eval') ? namesForEval(mentioned, world) : mentioned
    const names = candidates.filter((name) => name in world.globals || isProvidedHere(name) || isHidden(name))
    const parameters = [...Object.values(factoryNames), ...names].join(', ')
    const source = `(function ${bodyName}(${parameters}) { 'use strict'; ${prologue}\n${code}\n${epilogue}\n})`
    return { factory: new Script(source, { filename, lineOffset: -1 }).runInThisContext() as Factory, names }
  }
}

/** What a direct `eval` mentions is not known before: all names are there for it, those of Node as undefined. */
function namesForEval(mentioned: readonly string[], { globals }: ScriptWorld): string[] {
  const others = [...Object.getOwnPropertyNames(globalThis).filter(isName), ...Object.keys(globals)]
  const all = new Set([...mentioned, ...others, 'globalThis', 'Function'])
  return [...all].filter((name) => name !== '__ITER' && name !== 'eval')
}

const isName = (name: string): boolean => /^[\w$]+$/.test(name)

const isProvidedHere = (name: string): boolean => name === 'globalThis' || name === 'require' || name === 'Function'

function globalValue(name: string, world: ScriptWorld, own: () => Globals): unknown {
  if (name in world.globals) return world.globals[name]
  if (name === 'globalThis') return own()
  if (name === 'Function') return own().Function
  if (name === 'require') return (module: string) => world.modules[module]
  return undefined
}

/** A user's own global object: the language's names, its world's, and what the script adds. */
type Globals = Record<PropertyKey, unknown>

function globalThisOf(world: ScriptWorld): Globals {
  const own: Globals = Object.create(languageGlobals)
  Object.assign(own, world.globals)
  for (const name of ['__VU', '__ITER']) {
    if (name in world.globals) Object.defineProperty(own, name, { get: () => world.globals[name], enumerable: true })
  }
  own.globalThis = own
  return own
}

const languageGlobals = Object.fromEntries(
  [...languageNames].map((name) => [name, (globalThis as Record<string, unknown>)[name]]),
)

/** Each user's own, made when first asked for. */
function defineOwn(name: string, make: (globals: () => Globals) => unknown): void {
  Object.defineProperty(languageGlobals, name, {
    get(this: Globals) {
      const value = make(() => this)
      Object.defineProperty(this, name, { value, writable: true, configurable: true })
      return value
    },
    set(this: Globals, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, configurable: true })
    },
  })
}

defineOwn('Function', (globals) => functionMaker('function', globals))
defineOwn('eval', evaluator)

/** From here on no function of this process gives a script Node's global object. */
export const hideNode = (): void => guardFunctionConstructors(() => globalThisOf({ modules: {}, globals: {} }))
