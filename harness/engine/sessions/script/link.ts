import type { AnyNode, ExportNamedDeclaration, Identifier, ImportDeclaration } from 'acorn'
import type MagicString from 'magic-string'
import { importedName } from './evaluate.ts'
import type { ProvidedModules } from './known.ts'
import type { Names } from './scope.ts'
import { children, staticKey, type Tree } from './syntax.ts'

/** The names that the factory's first parameters have. */
export const factoryNames = {
  modules: '__weir_modules',
  helpers: '__weir_helpers',
  world: '__weir_world',
  user: '__weir_user',
} as const

export interface Linked {
  /** Declarations that take the imports out of the given modules; stands before the code. */
  prologue: string
  /** Returns the exports; stands after the code. */
  epilogue: string
  imports: ReadonlyMap<string, readonly string[]>
  /** null: a CommonJS script, whose exports are known once it has run. */
  exports: readonly string[] | null
  /** Names that the script uses and does not declare. */
  mentioned: readonly string[]
  unknownImports: readonly UnknownImport[]
}

export interface UnknownImport {
  node: AnyNode
  module: string
  name: string
}

/** Names that the engine changes while a user runs: read anew each time. */
const liveNames: ReadonlySet<string> = new Set(['__VU', '__ITER'])

/** Turns the module into the body of a function: imports become constants, exports a returned object. */
export function linkModule(text: MagicString, tree: Tree, names: Names, provided: ProvidedModules): Linked {
  const linking = new Linking(text, provided)
  for (const statement of tree.program.body) linking.statement(statement)
  linking.requires(tree.program)
  const mentioned = bindFreeNames(text, tree, names)
  return { ...linking.finish(), mentioned }
}

class Linking {
  readonly #text: MagicString
  readonly #provided: ProvidedModules
  readonly #constants: string[] = []
  readonly #exports = new Map<string, string>()
  readonly #imports = new Map<string, Set<string>>()
  readonly #unknown: UnknownImport[] = []
  #isCommonJs = false

  constructor(text: MagicString, provided: ProvidedModules) {
    this.#text = text
    this.#provided = provided
  }

  statement(node: AnyNode): void {
    if (node.type === 'ImportDeclaration') this.#import(node)
    else if (node.type === 'ExportNamedDeclaration') this.#export(node)
    else if (node.type === 'ExportAllDeclaration') this.#exportAll(node, String(node.source.value))
    else if (node.type === 'ExportDefaultDeclaration') {
      // esbuild writes this form only for a script in CommonJS.
      this.#isCommonJs = true
      this.#text.update(node.start, node.declaration.start, 'const __weir_exports = ')
    }
  }

  #import(node: ImportDeclaration): void {
    const module = String(node.source.value)
    this.#note(node, module)
    for (const specifier of node.specifiers) {
      const name = specifier.type === 'ImportNamespaceSpecifier' ? '*' : importedName(specifier)
      this.#constants.push(`${specifier.local.name} = ${this.#take(specifier, module, name)}`)
    }
    this.#text.remove(node.start, node.end)
  }

  #export(node: ExportNamedDeclaration): void {
    for (const specifier of node.specifiers) {
      const exported = nameOf(specifier.exported)
      const local = nameOf(specifier.local)
      this.#exports.set(exported, node.source ? this.#take(specifier, String(node.source.value), local) : local)
    }
    this.#text.remove(node.start, node.end)
  }

  #exportAll(node: AnyNode & { type: 'ExportAllDeclaration' }, module: string): void {
    if (node.exported) this.#exports.set(nameOf(node.exported), this.#take(node, module, '*'))
    else {
      for (const name of this.#provided.get(module) ?? []) {
        if (name !== 'default' && !this.#exports.has(name)) this.#exports.set(name, this.#take(node, module, name))
      }
    }
    this.#text.remove(node.start, node.end)
  }

  /** The expression for an export of a k6 module. */
  #take(node: AnyNode, module: string, name: string): string {
    this.#note(node, module, name)
    const namespace = `${factoryNames.modules}[${JSON.stringify(module)}]`
    return name === '*' ? namespace : `${namespace}[${JSON.stringify(name)}]`
  }

  #note(node: AnyNode, module: string, name?: string): void {
    const used = this.#imports.get(module) ?? new Set()
    this.#imports.set(module, used)
    if (name === undefined) return
    used.add(name)
    if (name !== '*' && !this.#provided.get(module)?.has(name)) this.#unknown.push({ node, module, name })
  }

  /** `require("k6/http")`, which esbuild writes with its own name for it. */
  requires(node: AnyNode): void {
    if (
      node.type === 'CallExpression' &&
      node.callee.type === 'Identifier' &&
      /^(__)?require\d*$/.test(node.callee.name)
    ) {
      const [module] = node.arguments
      if (module?.type === 'Literal') this.#note(node, String(module.value), '*')
    }
    for (const child of children(node)) this.requires(child)
  }

  finish(): Omit<Linked, 'mentioned'> {
    const pairs = [...this.#exports].map(([exported, value]) => `${JSON.stringify(exported)}: ${value}`)
    return {
      prologue: this.#constants.length > 0 ? `const ${this.#constants.join(', ')};` : '',
      epilogue: this.#isCommonJs
        ? `return ${factoryNames.helpers}.commonJs(__weir_exports)`
        : `return { ${pairs.join(', ')} }`,
      imports: new Map([...this.#imports].map(([module, used]) => [module, [...used]])),
      exports: this.#isCommonJs ? null : [...this.#exports.keys()],
      unknownImports: this.#unknown,
    }
  }
}

const nameOf = (node: AnyNode): string =>
  node.type === 'Identifier' ? node.name : String((node as { value?: unknown }).value)

/** Points free names to where they live; gives those that the factory must have as parameters. */
function bindFreeNames(text: MagicString, tree: Tree, names: Names): string[] {
  const written = globalsWritten(tree, names)
  const mentioned = new Set<string>()
  for (const node of names.free) {
    const place = placeOfName(tree, node, written)
    if (place === null) mentioned.add(node.name)
    else replaceName(text, tree, node, place)
    if (place?.includes('globalThis')) mentioned.add('globalThis')
  }
  return [...mentioned]
}

/** Names that the script gives to its globalThis: `globalThis.x = 1`. */
function globalsWritten(tree: Tree, names: Names): ReadonlySet<string> {
  const written = new Set<string>()
  for (const node of names.free) {
    const member = tree.parents.get(node)
    if (node.name !== 'globalThis' || member?.type !== 'MemberExpression') continue
    const parent = tree.parents.get(member)
    const key = staticKey(member)
    if (parent?.type === 'AssignmentExpression' && parent.left === member && key !== null) written.add(key)
  }
  return written
}

function placeOfName(tree: Tree, node: Identifier, written: ReadonlySet<string>): string | null {
  const parent = tree.parents.get(node)
  if (node.name === 'eval' && !(parent?.type === 'CallExpression' && parent.callee === node)) return 'globalThis.eval'
  if (liveNames.has(node.name)) return `${factoryNames.world}.${node.name}`
  if (!written.has(node.name) || (parent?.type === 'AssignmentExpression' && parent.left === node)) return null
  if (parent?.type === 'UnaryExpression' && parent.operator === 'typeof') return `globalThis.${node.name}`
  return `${factoryNames.helpers}.global(globalThis, "${node.name}")`
}

function replaceName(text: MagicString, tree: Tree, node: Identifier, place: string): void {
  const parent = tree.parents.get(node)
  const isShorthand = parent?.type === 'Property' && parent.shorthand
  text.update(node.start, node.end, isShorthand ? `${node.name}: ${place}` : place)
}
