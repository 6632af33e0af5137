import type { AnyNode } from 'acorn'
import type { Names } from './scope.ts'
import { children, isFunction, staticKey, type Tree } from './syntax.ts'

/**
 * Does the script itself make promises, or wait for them? Then jobs of them run beside its main line. A library that
 * only looks whether something is a promise (`typeof Promise`, `typeof x.then`) makes none.
 */
export function usesPromises(tree: Tree, names: Names): boolean {
  const isLookedAt = (node: AnyNode): boolean => {
    const parent = tree.parents.get(node)
    return parent?.type === 'UnaryExpression' && parent.operator === 'typeof'
  }
  return (
    names.free.some((node) => node.name === 'Promise' && !isLookedAt(node)) ||
    anyNode(tree.program, (node) => isPromiseUse(node) && !isLookedAt(node))
  )
}

const isPromiseUse = (node: AnyNode): boolean =>
  (isFunction(node) && node.async) ||
  (node.type === 'MemberExpression' && /^(then|asyncRequest)$/.test(staticKey(node) ?? '')) ||
  (node.type === 'ImportSpecifier' && node.imported.type === 'Identifier' && node.imported.name === 'asyncRequest')

const anyNode = (node: AnyNode, matches: (node: AnyNode) => boolean): boolean =>
  matches(node) || children(node).some((child) => anyNode(child, matches))
