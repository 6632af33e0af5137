import type {
  Function as AcornFunction,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  MemberExpression,
  Program,
  Property,
} from 'acorn'
import { parse } from 'acorn'

/** A function of the script: what can be coloured. */
export type FunctionNode = (FunctionDeclaration | FunctionExpression | ArrowFunctionExpression) & AcornFunction

export interface Tree {
  code: string
  program: Program
  parents: ReadonlyMap<AnyNode, AnyNode>
}

/** Parses the one bundled module and notes every node's parent. Parentheses are nodes, so that ranges are exact. */
export function parseBundle(code: string): Tree {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true })
  const parents = new Map<AnyNode, AnyNode>()
  const note = (node: AnyNode): void => {
    for (const child of children(node)) {
      parents.set(child, node)
      note(child)
    }
  }
  note(program)
  return { code, program, parents }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** The nodes directly below, in source order as the grammar lists them. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = []
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode]
    if (Array.isArray(value)) found.push(...value.filter(isNode))
    else if (isNode(value)) found.push(value)
  }
  return found
}

/** Is there one at or below a node? */
export const anyNode = (node: AnyNode, matches: (node: AnyNode) => boolean): boolean =>
  matches(node) || children(node).some((child) => anyNode(child, matches))

export const isFunction = (node: AnyNode | null | undefined): node is FunctionNode =>
  node?.type === 'FunctionDeclaration' ||
  node?.type === 'FunctionExpression' ||
  node?.type === 'ArrowFunctionExpression'

export const withoutParens = (node: AnyNode): AnyNode =>
  node.type === 'ParenthesizedExpression' ? withoutParens(node.expression) : node

/** The name that a member, property or method has at compile time; null where it is computed at run time. */
export function staticKey(
  node: { key: AnyNode; computed: boolean } | { property: AnyNode; computed: boolean },
): string | null {
  const key = withoutParens('key' in node ? node.key : node.property)
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Identifier') return node.computed ? null : key.name
  if (key.type === 'Literal') return typeof key.value === 'number' ? elementKey : String(key.value)
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? null
  if (key.type === 'MemberExpression' && isSymbolMember(key)) return `@@${staticKey(key)}`
  return null
}

/** All elements of an array are one property to the analysis. */
export const elementKey = '[]'

const isSymbolMember = (node: MemberExpression): boolean =>
  node.object.type === 'Identifier' && node.object.name === 'Symbol' && !node.computed

export const isProperty = (node: AnyNode): node is Property => node.type === 'Property'
