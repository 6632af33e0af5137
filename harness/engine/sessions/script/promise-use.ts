import type { AnyNode } from 'acorn'
import type { Names } from './scope.ts'
import { anyNode, isFunction, staticKey, type Tree } from './syntax.ts'

/** Does the script itself make promises, or wait for them? Then jobs of them run beside its main line. */
export function usesPromises(tree: Tree, names: Names): boolean {
  return names.free.some(({ name }) => name === 'Promise') || anyNode(tree.program, isPromiseUse)
}

const isPromiseUse = (node: AnyNode): boolean =>
  (isFunction(node) && node.async) ||
  (node.type === 'MemberExpression' && /^(then|asyncRequest)$/.test(staticKey(node) ?? '')) ||
  (node.type === 'ImportSpecifier' && node.imported.type === 'Identifier' && node.imported.name === 'asyncRequest')
