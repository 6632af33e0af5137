import type {
  AnyNode,
  CallExpression,
  Expression,
  MemberExpression,
  NewExpression,
  Pattern,
  TaggedTemplateExpression,
} from 'acorn'
import { builtinGlobals } from './builtins.ts'
import { isModuleWrapper } from './bundler.ts'
import { evaluateCall } from './calls.ts'
import { Flow, type Role, Thing } from './flow.ts'
import { evaluateClass, evaluateFunction, roleOfMethod } from './functions.ts'
import type { Known } from './known.ts'
import { assignPattern } from './patterns.ts'
import type { Names } from './scope.ts'
import { children, type FunctionNode, isFunction, staticKey, type Tree } from './syntax.ts'

/** Where code stands: decides whether a call there may wait. */
export interface Frame {
  /** The function whose body or parameters it is; null at module level and in class fields. */
  fn: FunctionNode | null
  zone: 'module' | 'body' | 'parameter' | 'field'
  /** What `fn` is to its object. */
  role: Role
  /** What `this` may be. */
  self: Flow
  /** The object that holds the method, for `super.m()`. */
  home: Thing | null
  /** What `super()` calls. */
  superClass: Flow | null
}

export type CallNode = CallExpression | NewExpression | TaggedTemplateExpression

export interface Argument {
  node: AnyNode
  flow: Flow
  spread: boolean
}

/** One call of the script and what it may call. */
export interface CallSite {
  node: CallNode
  frame: Frame
  callee: Flow
  args: readonly Argument[]
  /** `o.m()`: what o may be, and "m" (null where it is computed). */
  receiver: Flow | null
  method: string | null
  /** `Array.from()`: the name of the global; else null. */
  global: string | null
  result: Flow
}

/** `Object.defineProperty`: what a call is of, whatever name the script has given it; null where it is no such thing. */
export function builtInOf({ global, method, callee }: CallSite): string | null {
  if (global !== null && method !== null) return `${global}.${method}`
  for (const { builtIn } of callee.things) if (builtIn !== undefined) return builtIn
  return null
}

/** What one walk over the script finds: its calls and its functions. */
export class Evaluation {
  readonly sites: CallSite[] = []
  readonly functions = new Map<FunctionNode, Thing>()
  /** Names that a bundler gave to its function for CommonJS modules. */
  readonly moduleWrappers = new Set<object>()
  readonly names: Names
  readonly known: Known
  readonly #variables = new Map<object, Flow>()
  readonly #members = new Map<string, Flow>()

  constructor(names: Names, known: Known) {
    this.names = names
    this.known = known
  }

  variable(binding: object): Flow {
    const known = this.#variables.get(binding)
    if (known) return known
    const flow = new Flow()
    this.#variables.set(binding, flow)
    return flow
  }

  /** All that is ever stored under a property name, whatever the object: the last resort where an object is unknown. */
  member(name: string): Flow {
    const known = this.#members.get(name)
    if (known) return known
    const flow = new Flow()
    this.#members.set(name, flow)
    return flow
  }

  /** Stores a value in an object of the script. */
  store(object: Thing, key: string | null, value: Flow): void {
    value.into(key === null ? object.dynamic : object.property(key))
    if (key !== null) value.into(this.member(key))
  }

  /** What a name stands for. */
  named(node: AnyNode & { name: string }, frame: Frame): Flow {
    const binding = this.names.bindings.get(node)
    if (binding) return this.variable(binding)
    if (node.name === 'arguments') return this.#argumentsOf(frame)
    return this.known.global(node.name)
  }

  #argumentsOf(frame: Frame): Flow {
    const list = this.known.builtIn('arguments')
    const thing = frame.fn && this.functions.get(frame.fn)
    thing?.callable?.every.into(list.elements)
    return Flow.of(list)
  }
}

/** Walks the whole module once. */
export function evaluateModule(tree: Tree, names: Names, known: Known): Evaluation {
  const evaluation = new Evaluation(names, known)
  const frame: Frame = { fn: null, zone: 'module', role: 'plain', self: new Flow(), home: null, superClass: null }
  for (const statement of tree.program.body) evaluate(evaluation, statement, frame)
  return evaluation
}

/** What a node's value may be; statements have none, but their parts are walked all the same. */
export function evaluate(at: Evaluation, node: AnyNode, frame: Frame): Flow {
  if (isFunction(node)) return evaluateFunction(at, node, frame)
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return evaluateClass(at, node, frame)
    case 'CallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
      return evaluateCall(at, node, frame)
    case 'VariableDeclarator':
      return evaluateDeclarator(at, node.id, node.init, frame)
    case 'ForOfStatement':
    case 'ForInStatement':
      return evaluateLoop(at, node, frame)
    case 'ReturnStatement':
      return evaluateReturn(at, node.argument, frame)
    case 'YieldExpression':
      return evaluateReturn(at, node.argument, frame)
    case 'ImportDeclaration':
      return evaluateImport(at, node)
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'MetaProperty':
      return new Flow()
    case 'ExportNamedDeclaration':
      return evaluateExports(at, node, frame)
    case 'ExportDefaultDeclaration':
      at.known.escape(evaluate(at, node.declaration, frame))
      return new Flow()
    case 'ExportAllDeclaration':
      return new Flow()
    case 'LabeledStatement':
      return evaluate(at, node.body, frame)
    case 'BreakStatement':
    case 'ContinueStatement':
      return new Flow()
    default:
      return evaluateExpression(at, node as Expression, frame)
  }
}

function evaluateExpression(at: Evaluation, node: Expression, frame: Frame): Flow {
  switch (node.type) {
    case 'Identifier':
      return at.named(node, frame)
    case 'ThisExpression':
      return frame.self
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return evaluate(at, node.expression, frame)
    case 'MemberExpression':
      return readMember(at, node, evaluateObject(at, node, frame), frame)
    case 'AssignmentExpression':
      return evaluateAssignment(at, node.left, evaluate(at, node.right, frame), frame)
    case 'ConditionalExpression':
      evaluate(at, node.test, frame)
      return union(evaluate(at, node.consequent, frame), evaluate(at, node.alternate, frame))
    case 'LogicalExpression':
      return union(evaluate(at, node.left, frame), evaluate(at, node.right, frame))
    case 'SequenceExpression':
      return node.expressions.map((part) => evaluate(at, part, frame)).at(-1) ?? new Flow()
    case 'AwaitExpression':
      return awaited(evaluate(at, node.argument, frame))
    case 'ArrayExpression':
      return evaluateArray(at, node.elements, frame)
    case 'ObjectExpression':
      return evaluateObjectLiteral(at, node, frame)
    default:
      return evaluateParts(at, node, frame)
  }
}

/** Literals, operators, templates, statements: no function comes out of them. */
function evaluateParts(at: Evaluation, node: AnyNode, frame: Frame): Flow {
  for (const child of children(node)) evaluate(at, child, frame)
  return node.type === 'TemplateLiteral' || node.type === 'Literal' ? Flow.of(at.known.language) : new Flow()
}

function evaluateDeclarator(at: Evaluation, target: Pattern, init: AnyNode | null | undefined, frame: Frame): Flow {
  const label = target.type === 'Identifier' ? target.name : null
  const binding = at.names.bindings.get(target)
  if (binding && init && isModuleWrapper(init)) at.moduleWrappers.add(binding)
  const value = isFunction(init)
    ? evaluateFunction(at, init, frame, { label })
    : init
      ? evaluate(at, init, frame)
      : new Flow()
  assignPattern(at, target, value, frame)
  return new Flow()
}

function evaluateAssignment(at: Evaluation, left: Pattern, value: Flow, frame: Frame): Flow {
  assignPattern(at, left, value, frame)
  return value
}

function evaluateReturn(at: Evaluation, argument: AnyNode | null | undefined, frame: Frame): Flow {
  const value = argument ? evaluate(at, argument, frame) : new Flow()
  const thing = frame.fn && at.functions.get(frame.fn)
  if (thing?.callable) value.into(thing.callable.returns)
  return new Flow()
}

function evaluateLoop(
  at: Evaluation,
  node: AnyNode & { type: 'ForOfStatement' | 'ForInStatement' },
  frame: Frame,
): Flow {
  const iterated = evaluate(at, node.right, frame)
  const value = node.type === 'ForOfStatement' ? awaited(elementsOf(iterated)) : Flow.of(at.known.language)
  const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left
  if (target) assignPattern(at, target, value, frame)
  evaluate(at, node.body, frame)
  return new Flow()
}

function evaluateImport(at: Evaluation, node: AnyNode & { type: 'ImportDeclaration' }): Flow {
  const module = at.known.module(String(node.source.value))
  for (const specifier of node.specifiers) {
    const binding = at.names.module.get(specifier.local.name)
    if (!binding) continue
    if (specifier.type === 'ImportNamespaceSpecifier') at.variable(binding).add(module)
    else module.property(importedName(specifier)).into(at.variable(binding))
  }
  return new Flow()
}

/** The engine calls what a script exports. */
function evaluateExports(at: Evaluation, node: AnyNode & { type: 'ExportNamedDeclaration' }, frame: Frame): Flow {
  for (const { local } of node.specifiers) {
    if (!node.source && local.type === 'Identifier') at.known.escape(at.named(local, frame))
  }
  return new Flow()
}

/** The export that `import x`, `import { x }` or `import { x as y }` asks for. */
export function importedName(specifier: AnyNode & { type: 'ImportSpecifier' | 'ImportDefaultSpecifier' }): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  return specifier.imported.type === 'Literal' ? String(specifier.imported.value) : specifier.imported.name
}

function evaluateArray(at: Evaluation, elements: readonly (AnyNode | null)[], frame: Frame): Flow {
  const list = at.known.builtIn('array')
  for (const element of elements) {
    if (!element) continue
    if (element.type === 'SpreadElement') elementsOf(evaluate(at, element.argument, frame)).into(list.elements)
    else evaluate(at, element, frame).into(list.elements)
  }
  return Flow.of(list)
}

function evaluateObjectLiteral(at: Evaluation, node: AnyNode & { type: 'ObjectExpression' }, frame: Frame): Flow {
  const object = new Thing('object')
  const own: Frame = { ...frame, home: object, superClass: null }
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      evaluate(at, property.argument, frame).each((thing) => object.parents.add(thing))
      continue
    }
    if (property.computed) evaluate(at, property.key, frame)
    const key = staticKey(property)
    const value = isFunction(property.value)
      ? evaluateFunction(at, property.value, own, {
          role: roleOfMethod(property.kind, key),
          label: key,
          self: Flow.of(object),
        })
      : evaluate(at, property.value, frame)
    if (property.kind === 'init') at.store(object, key, value)
    else if (property.kind === 'get')
      value.each((thing) => thing.callable && at.store(object, key, thing.callable.returns))
    else if (key !== null) value.each((thing) => object.property(key).into(thing.parameter(0)))
  }
  return Flow.of(object)
}

/** What stands before the dot. */
export function evaluateObject(at: Evaluation, node: MemberExpression, frame: Frame): Flow {
  if (node.object.type !== 'Super') return evaluate(at, node.object, frame)
  const result = new Flow()
  frame.home?.parents.into(result)
  return result
}

export function readMember(at: Evaluation, node: MemberExpression, object: Flow, frame: Frame): Flow {
  if (node.computed) evaluate(at, node.property, frame)
  const key = staticKey(node)
  const name =
    at.names.bindings.has(node.object) || node.object.type !== 'Identifier' ? '' : `${node.object.name}.${key}`
  if (builtinGlobals.has(name)) return Flow.of(at.known.builtInFunction(name))
  return read(object, key)
}

export function read(object: Flow, key: string | null): Flow {
  const result = new Flow()
  object.each((thing) => thing.reading(key).into(result))
  return result
}

export const elementsOf = (list: Flow): Flow => read(list, '[]')

/** What is inside promises; what is no promise passes. */
export function awaited(value: Flow): Flow {
  const result = new Flow()
  value.each((thing) => (thing.isPromise ? thing.property('value').into(result) : result.add(thing)))
  return result
}

export function union(...flows: Flow[]): Flow {
  const result = new Flow()
  for (const flow of flows) flow.into(result)
  return result
}
