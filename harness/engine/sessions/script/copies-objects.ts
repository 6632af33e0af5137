import type { AnyNode, Identifier } from 'acorn'
import type { Names } from './scope.ts'
import { anyNode, staticKey, type Tree } from './syntax.ts'

/**
 * Might the script list or copy the fields of an object that it does not know, such as a response? Or take a method
 * off it? Says yes too often rather than too seldom: it only costs time.
 */
export const copiesObjects = (tree: Tree, names: Names): boolean =>
  names.free.some((name) => listsByGlobal(tree, name)) || anyNode(tree.program, (node) => copies(tree, node))

/** What `Object` offers that never looks at the fields of its argument. */
const harmless = /^(create|defineProperty|fromEntries|is|prototype|groupBy|getPrototypeOf|setPrototypeOf)$/

/** `Object.keys`, or `Object` given to something that may call it; code made of text may be anything. */
function listsByGlobal(tree: Tree, node: Identifier): boolean {
  if (/^(Reflect|eval|Function)$/.test(node.name)) return true
  if (node.name !== 'Object' && node.name !== 'globalThis') return false
  const parent = tree.parents.get(node)
  const member = parent?.type === 'MemberExpression' && parent.object === node ? staticKey(parent) : null
  if (node.name === 'globalThis') return member === null || /^(Object|Reflect|eval|Function)$/.test(member)
  return member === null || !harmless.test(member)
}

const ownKeyMethod = /^(hasOwnProperty|propertyIsEnumerable)$/
const responseMethod = /^(json|html|submitForm|clickLink)$/

function copies(tree: Tree, node: AnyNode): boolean {
  const parent = tree.parents.get(node)
  switch (node.type) {
    case 'SpreadElement':
      return parent?.type === 'ObjectExpression'
    case 'RestElement':
      return parent?.type === 'ObjectPattern'
    case 'ForInStatement':
      return true
    case 'BinaryExpression':
      return node.operator === 'in'
    case 'Property':
      return (
        parent?.type === 'ObjectPattern' &&
        (responseMethod.test(staticKey(node) ?? '') || ownKeyMethod.test(staticKey(node) ?? ''))
      )
    case 'MemberExpression':
      return takesMember(node, staticKey(node) ?? '', parent)
    default:
      return false
  }
}

const takesMember = (node: AnyNode, key: string, parent: AnyNode | undefined): boolean =>
  ownKeyMethod.test(key) || (responseMethod.test(key) && !(parent?.type === 'CallExpression' && parent.callee === node))
