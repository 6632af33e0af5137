import type { AnyNode, Identifier, Pattern } from 'acorn'
import { children, isFunction, type Tree } from './syntax.ts'

/** One declared name. */
export interface Binding {
  name: string
}

export interface Names {
  /** Which declaration an identifier means; absent: a global. */
  bindings: ReadonlyMap<AnyNode, Binding>
  /** Identifiers that nothing in the script declares. */
  free: readonly Identifier[]
  /** Names that the module itself declares. */
  module: ReadonlyMap<string, Binding>
}

class Scope {
  readonly names = new Map<string, Binding>()
  readonly outer: Scope | null

  constructor(outer: Scope | null) {
    this.outer = outer
  }

  declare(name: string): Binding {
    const known = this.names.get(name)
    if (known) return known
    const binding = { name }
    this.names.set(name, binding)
    return binding
  }

  find(name: string): Binding | null {
    return this.names.get(name) ?? this.outer?.find(name) ?? null
  }
}

/** Finds for every identifier of the script what it refers to. */
export function resolveNames(tree: Tree): Names {
  const bindings = new Map<AnyNode, Binding>()
  const free: Identifier[] = []

  const refer = (node: Identifier, scope: Scope): void => {
    const binding = scope.find(node.name)
    if (binding) bindings.set(node, binding)
    else if (node.name !== 'arguments' && node.name !== 'undefined') free.push(node)
  }

  const visit = (node: AnyNode, scope: Scope): void => {
    if (node.type === 'Identifier') refer(node, scope)
    const inner = opensScope(node) ? openScope(node, scope) : scope
    for (const child of references(node)) visit(child, declaresOutside(node, child) ? scope : inner)
  }

  const module = new Scope(null)
  declareLexical(tree.program.body, module)
  for (const statement of tree.program.body) declareVars(statement, module)
  for (const statement of tree.program.body) visit(statement, module)
  return { bindings, free, module: module.names }
}

/** The name of a declared function or class belongs to the scope around it, not to its own. */
const declaresOutside = (node: AnyNode, child: AnyNode): boolean =>
  (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && child === node.id

const opensScope = (node: AnyNode): boolean =>
  isFunction(node) ||
  /^(BlockStatement|StaticBlock|For\w*Statement|SwitchStatement|CatchClause|Class(Declaration|Expression))$/.test(
    node.type,
  )

function openScope(node: AnyNode, outer: Scope): Scope {
  const scope = new Scope(outer)
  if (isFunction(node)) {
    if (node.type === 'FunctionExpression' && node.id) scope.declare(node.id.name)
    for (const param of node.params) declarePattern(param, scope)
    declareVars(node.body, scope)
  } else if (node.type === 'BlockStatement' || node.type === 'StaticBlock') {
    declareLexical(node.body, scope)
    if (node.type === 'StaticBlock') for (const statement of node.body) declareVars(statement, scope)
  } else if (node.type === 'ForStatement' && node.init) declareLexical([node.init], scope)
  else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') declareLexical([node.left], scope)
  else if (node.type === 'SwitchStatement') for (const part of node.cases) declareLexical(part.consequent, scope)
  else if (node.type === 'CatchClause' && node.param) declarePattern(node.param, scope)
  else if (node.type === 'ClassExpression' && node.id) scope.declare(node.id.name)
  return scope
}

/** let, const, class, function and import of one list of statements. */
function declareLexical(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    const node =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? (statement.declaration ?? statement)
        : statement
    if (node.type === 'VariableDeclaration' && node.kind !== 'var') {
      for (const declarator of node.declarations) declarePattern(declarator.id, scope)
    } else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id) {
      scope.declare(node.id.name)
    } else if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) scope.declare(specifier.local.name)
    }
  }
}

/** `var` reaches through blocks up to its function. */
function declareVars(node: AnyNode, scope: Scope): void {
  if (isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return
  if (node.type === 'VariableDeclaration' && node.kind === 'var') {
    for (const declarator of node.declarations) declarePattern(declarator.id, scope)
  }
  for (const child of children(node)) declareVars(child, scope)
}

function declarePattern(pattern: Pattern, scope: Scope): void {
  if (pattern.type === 'Identifier') scope.declare(pattern.name)
  else if (pattern.type === 'AssignmentPattern') declarePattern(pattern.left, scope)
  else if (pattern.type === 'RestElement') declarePattern(pattern.argument, scope)
  else if (pattern.type === 'ArrayPattern')
    for (const element of pattern.elements) element && declarePattern(element, scope)
  else if (pattern.type === 'ObjectPattern') {
    for (const property of pattern.properties) {
      declarePattern(property.type === 'RestElement' ? property.argument : property.value, scope)
    }
  }
}

/** The children in which an Identifier is a name of a variable: no property names, labels or specifiers. */
function* references(node: AnyNode): Generator<AnyNode> {
  if (node.type === 'MetaProperty' || node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return
  const named =
    node.type === 'MemberExpression'
      ? node.property
      : node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition'
        ? node.key
        : null
  for (const child of children(node)) {
    if (child === named && !(node as { computed?: boolean }).computed) continue
    if (node.type === 'ExportSpecifier' && child !== node.local) continue
    if (child.type === 'Identifier' && /^(Labeled|Break|Continue)Statement$/.test(node.type)) continue
    yield child
  }
}
