import type { AnyNode, MemberExpression, Pattern } from 'acorn'
import type { Evaluation, Frame } from './evaluate.ts'
import { elementsOf, evaluate, evaluateObject, read, union } from './evaluate.ts'
import type { Flow, Thing } from './flow.ts'
import { staticKey } from './syntax.ts'

/** Sends a value to where a declaration, parameter or assignment puts it. */
export function assignPattern(at: Evaluation, pattern: Pattern, value: Flow, frame: Frame): void {
  switch (pattern.type) {
    case 'Identifier':
      value.into(at.named(pattern, frame))
      break
    case 'MemberExpression':
      assignMember(at, pattern, value, frame)
      break
    case 'AssignmentPattern':
      assignPattern(at, pattern.left, union(value, evaluate(at, pattern.right, frame)), frame)
      break
    case 'RestElement':
      assignPattern(at, pattern.argument, value, frame)
      break
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) assignElement(at, element, value, frame)
      break
    case 'ObjectPattern':
      assignObject(at, pattern, value, frame)
      break
    default:
      assignParenthesized(at, pattern, value, frame)
  }
}

/** `(a) = b`, which the types of acorn do not know. */
function assignParenthesized(at: Evaluation, target: AnyNode, value: Flow, frame: Frame): void {
  if (target.type === 'ParenthesizedExpression') assignPattern(at, target.expression as Pattern, value, frame)
}

const assignElement = (at: Evaluation, element: Pattern, list: Flow, frame: Frame): void =>
  assignPattern(at, element, element.type === 'RestElement' ? list : elementsOf(list), frame)

function assignObject(at: Evaluation, pattern: Pattern & { type: 'ObjectPattern' }, value: Flow, frame: Frame): void {
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') assignPattern(at, property.argument, value, frame)
    else {
      if (property.computed) evaluate(at, property.key, frame)
      assignPattern(at, property.value, read(value, staticKey(property)), frame)
    }
  }
}

export function assignMember(at: Evaluation, node: MemberExpression, value: Flow, frame: Frame): void {
  const object = evaluateObject(at, node, frame)
  if (node.computed) evaluate(at, node.property, frame)
  const key = staticKey(node)
  object.each((thing: Thing) => {
    if (thing.isNative) at.known.escape(value)
    else at.store(thing, key, value)
  })
}
