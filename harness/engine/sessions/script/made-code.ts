import { languageNames } from './language.ts'

/**
 * Code that a script makes of text: `new Function(...)`, an `eval` that is not called by its own name. The language
 * would give it Node's global object; here it finds what the script finds. It is not rewritten.
 */

type Make = (...parts: unknown[]) => unknown
type Globals = Record<PropertyKey, unknown>

const functionKinds = {
  function: (() => {}).constructor,
  'function*': function* () {}.constructor,
  'async function': (async () => {}).constructor,
  'async function*': async function* () {}.constructor,
} as const

type Kind = keyof typeof functionKinds

/** What Node has and scripts do not. */
export const isHidden = (name: PropertyKey): boolean => name in globalThis && !languageNames.has(String(name))

/** Names are looked up among the user's globals; Node's are not defined. */
const scopeOf = (globals: Globals, without?: string): object =>
  new Proxy(globals, {
    has: (target, name) => name !== without && typeof name === 'string' && (name in target || isHidden(name)),
    get: (target, name) => (name === Symbol.unscopables ? undefined : target[name]),
  })

/** `Function` as a script has it, or one of its kin. */
export function functionMaker(kind: Kind, globals: () => Globals): object {
  const original = functionKinds[kind] as unknown as Make
  const make = (parts: readonly unknown[]): object => {
    const texts = parts.map(String)
    // Refuses what is no function, and texts that would close it before its end.
    original(...texts)
    const body = texts.pop() ?? ''
    return makeFunction(`${kind} anonymous(${texts.join(',')}\n) {\n${body}\n}`, globals())
  }
  return new Proxy(original, { apply: (_, __, parts) => make(parts), construct: (_, parts) => make(parts) })
}

function makeFunction(text: string, globals: Globals): object {
  const made = strictly((mode) => inScope(`(() => { ${mode}; return ${text} })()`))(scopeOf(globals)) as Make
  return new Proxy(made, {
    apply: (target, self: unknown, args: unknown[]) => Reflect.apply(target, self ?? globals, args),
  })
}

/** Loosely only where it must be (`with`): a function of loose code would find Node's global object as its `this`. */
function strictly<T>(compile: (mode: string) => T): T {
  try {
    return compile("'use strict'")
  } catch {
    return compile('')
  }
}

const inScope = (expression: string): Make =>
  functionKinds.function('__weir_scope', '__weir_text', `with (__weir_scope) { return ${expression} }`)

let evaluate: Make | null = null

/** `eval` where it is not called by its own name: sees no variables but the globals. */
export const evaluator =
  (globals: () => Globals) =>
  (text: unknown): unknown => {
    if (typeof text !== 'string') return text
    evaluate ??= inScope(`(function () { 'use strict'; return eval(__weir_text) }).call(globalThis)`)
    return evaluate(scopeOf(globals(), 'eval'), text)
  }

/**
 * Scripts reach the constructors through any function too: `(() => {}).constructor`. Those know no user; their code finds
 * the language and nothing else.
 */
export function guardFunctionConstructors(bareGlobals: () => Globals): void {
  for (const [kind, { prototype }] of Object.entries(functionKinds)) {
    const value = functionMaker(kind as Kind, bareGlobals)
    Object.defineProperty(prototype, 'constructor', { value, configurable: true, writable: kind === 'function' })
  }
}
