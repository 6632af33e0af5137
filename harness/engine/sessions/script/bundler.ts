import type { AnyNode } from 'acorn'
import { lazily } from './accessors.ts'
import { type CallNode, type Evaluation, evaluate, type Frame } from './evaluate.ts'
import { Flow, Thing } from './flow.ts'
import { evaluateFunction } from './functions.ts'
import { children, type FunctionNode, isFunction, isProperty, staticKey } from './syntax.ts'

/** Calls of the few functions that esbuild adds to a bundle, and of `require`. */
export function evaluateBundlerCall(at: Evaluation, node: CallNode, frame: Frame): Flow | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null
  const [first, second] = node.arguments
  const { name } = node.callee
  const binding = at.names.bindings.get(node.callee)
  if (first && binding && at.moduleWrappers.has(binding)) return wrapModule(at, first, frame)
  if (/^(__)?require\d*$/.test(name) && first?.type === 'Literal') return Flow.of(at.known.module(String(first.value)))
  if (/^__export\d*$/.test(name) && first && second) {
    return exportLazily(evaluate(at, first, frame), evaluate(at, second, frame))
  }
  if (/^__toESM\d*$/.test(name) && first) return asEsModule(evaluate(at, first, frame))
  if (/^__(commonJS|esm)\d*$/.test(name) && first?.type === 'ObjectExpression') return wrapModule(at, first, frame)
  return null
}

/**
 * `__commonJS({ "file.js"(exports, module) { ... } })`: a function that runs the file when it is first needed and
 * gives its exports.
 */
function wrapModule(at: Evaluation, wrapped: AnyNode, frame: Frame): Flow {
  const exports = new Thing('exports')
  const module = new Thing('module')
  module.property('exports').add(exports)
  const load = new Thing('module')
  load.gives = module.property('exports')
  for (const { node, label } of bodiesOf(wrapped)) {
    evaluateFunction(at, node, frame, { role: 'module', label })
    const body = at.functions.get(node)
    body?.parameter(0).add(exports)
    body?.parameter(1).add(module)
  }
  return Flow.of(load)
}

/** The wrapped function itself, or the one method of an object that names the file. */
function bodiesOf(wrapped: AnyNode): { node: FunctionNode; label: string | null }[] {
  if (isFunction(wrapped)) return [{ node: wrapped, label: 'module' }]
  if (wrapped.type !== 'ObjectExpression') return []
  return wrapped.properties.flatMap((property) =>
    property.type === 'Property' && isFunction(property.value)
      ? [{ node: property.value, label: staticKey(property) }]
      : [],
  )
}

/**
 * What esbuild's `__commonJS` looks like under any name, as a library has it that was minified before:
 * `(body, module) => () => (module || body((module = { exports: {} }).exports, module), module.exports)`.
 */
export function isModuleWrapper(node: AnyNode): boolean {
  if (!isFunction(node) || node.params.length !== 2) return false
  const module = node.params[1]
  const made = node.body.type === 'BlockStatement' ? returned(node.body) : node.body
  return module?.type === 'Identifier' && isFunction(made) && makesModule(made, module.name)
}

function returned(block: AnyNode & { type: 'BlockStatement' }): AnyNode | null | undefined {
  const last = block.body.at(-1)
  return last?.type === 'ReturnStatement' ? last.argument : null
}

const makesModule = (node: AnyNode, name: string): boolean =>
  (node.type === 'AssignmentExpression' &&
    node.left.type === 'Identifier' &&
    node.left.name === name &&
    node.right.type === 'ObjectExpression' &&
    node.right.properties.some((each) => isProperty(each) && staticKey(each) === 'exports')) ||
  children(node).some((child) => makesModule(child, name))

/** `__export(target, { name: () => value })`. */
function exportLazily(target: Flow, getters: Flow): Flow {
  target.each((thing) => getters.each((all) => thing.parents.add(lazily(all))))
  return new Flow()
}

function asEsModule(module: Flow): Flow {
  const namespace = new Thing('namespace')
  module.into(namespace.property('default'))
  module.into(namespace.parents)
  return Flow.of(namespace)
}
