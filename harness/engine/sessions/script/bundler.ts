import type { AnyNode } from 'acorn'
import { type CallNode, type Evaluation, evaluate, type Frame, read } from './evaluate.ts'
import { Flow, Thing } from './flow.ts'
import { evaluateFunction } from './functions.ts'
import { isFunction, staticKey } from './syntax.ts'

/** Calls of the few functions that esbuild adds to a bundle, and of `require`. */
export function evaluateBundlerCall(at: Evaluation, node: CallNode, frame: Frame): Flow | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null
  const [first, second] = node.arguments
  const { name } = node.callee
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
function wrapModule(at: Evaluation, wrapper: AnyNode & { type: 'ObjectExpression' }, frame: Frame): Flow {
  const exports = new Thing('exports')
  const module = new Thing('module')
  module.property('exports').add(exports)
  const load = new Thing('module')
  load.gives = module.property('exports')
  for (const property of wrapper.properties) {
    if (property.type !== 'Property' || !isFunction(property.value)) continue
    evaluateFunction(at, property.value, frame, { role: 'module', label: staticKey(property) })
    const body = at.functions.get(property.value)
    body?.parameter(0).add(exports)
    body?.parameter(1).add(module)
  }
  return Flow.of(load)
}

/** `__export(target, { name: () => value })`. */
function exportLazily(target: Flow, getters: Flow): Flow {
  target.each((thing) => getters.each((all) => thing.parents.add(lazily(all))))
  return new Flow()
}

function lazily(getters: Thing): Thing {
  const values = new Thing('exports')
  for (const key of getters.keys)
    read(Flow.of(getters), key).each((getter) => getter.callable?.returns.into(values.property(key)))
  return values
}

function asEsModule(module: Flow): Flow {
  const namespace = new Thing('namespace')
  module.into(namespace.property('default'))
  module.into(namespace.parents)
  return Flow.of(namespace)
}
