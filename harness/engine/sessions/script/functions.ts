import type { AnyNode, Class, MethodDefinition, PropertyDefinition } from 'acorn'
import { languageMethods } from './blocking.ts'
import { type Evaluation, evaluate, type Frame } from './evaluate.ts'
import { Flow, type Role, Thing } from './flow.ts'
import { assignPattern } from './patterns.ts'
import { type FunctionNode, isFunction, staticKey } from './syntax.ts'

/** What the place of a function says of it; a plain function has nothing to say. */
export interface FunctionPlace {
  role?: Role
  /** The name by which people know it, if it has none itself. */
  label?: string | null
  /** What `this` may be. */
  self?: Flow
}

/** Makes the thing that a function is, and walks its parameters and body. */
export function evaluateFunction(at: Evaluation, node: FunctionNode, frame: Frame, place: FunctionPlace = {}): Flow {
  const isArrow = node.type === 'ArrowFunctionExpression'
  const own = isArrow ? frame.self : (place.self ?? new Flow())
  const thing = functionThing(node, own, place)
  at.functions.set(node, thing)
  const binding = node.id && at.names.bindings.get(node.id)
  if (binding) at.variable(binding).add(thing)
  const inside: Frame = { ...frame, fn: node, zone: 'body', role: place.role ?? 'plain', self: own }
  walkParameters(at, node, thing, { ...inside, zone: 'parameter' })
  walkBody(at, node, thing, inside)
  return Flow.of(thing)
}

const methodRoles = {
  get: 'getter',
  set: 'setter',
  constructor: 'constructor',
  method: 'plain',
  init: 'plain',
} as const

/** What a method of an object or class is to the language. */
export function roleOfMethod(kind: keyof typeof methodRoles, key: string | null): Role {
  const role = methodRoles[kind]
  return role === 'plain' && key !== null && languageMethods.has(key) ? 'language' : role
}

function functionThing(node: FunctionNode, self: Flow, { role = 'plain', label }: FunctionPlace): Thing {
  const thing = new Thing(node.id?.name ?? label ?? 'function')
  const restFrom = node.params.findIndex((param) => param.type === 'RestElement')
  thing.callable = {
    node,
    role,
    returns: new Flow(),
    self,
    every: new Flow(),
    restFrom: restFrom < 0 ? Number.POSITIVE_INFINITY : restFrom,
    rest: new Flow(),
  }
  if (node.type !== 'ArrowFunctionExpression') thing.property('prototype').add(new Thing(`${thing.label}.prototype`))
  return thing
}

function walkParameters(at: Evaluation, node: FunctionNode, thing: Thing, frame: Frame): void {
  node.params.forEach((param, index) => {
    if (param.type === 'RestElement') assignPattern(at, param.argument, restOf(at, thing), frame)
    else assignPattern(at, param, thing.parameter(index), frame)
  })
}

function restOf(at: Evaluation, thing: Thing): Flow {
  const list = at.known.builtIn('rest')
  thing.callable?.rest.into(list.elements)
  return Flow.of(list)
}

function walkBody(at: Evaluation, node: FunctionNode, thing: Thing, frame: Frame): void {
  const value = evaluate(at, node.body, frame)
  if (node.body.type !== 'BlockStatement' && thing.callable) value.into(thing.callable.returns)
}

/** A class is a thing that holds its static members; `new` gives the one thing that stands for all its instances. */
export function evaluateClass(at: Evaluation, node: AnyNode & Class, frame: Frame): Flow {
  const thing = new Thing(node.id?.name ?? 'class')
  const prototype = new Thing(`${thing.label}.prototype`)
  const instance = new Thing(`new ${thing.label}`)
  thing.instance = instance
  thing.property('prototype').add(prototype)
  instance.parents.add(prototype)
  const self = thing.property('@instances')
  self.add(instance)
  const superClass = node.superClass ? evaluate(at, node.superClass, frame) : null
  superClass?.each((base) => inherit({ thing, prototype, instance, self }, base))
  const binding = node.id && at.names.bindings.get(node.id)
  if (binding) at.variable(binding).add(thing)
  for (const member of node.body.body) {
    const isStatic = member.type === 'StaticBlock' || member.static
    const inside: Frame = {
      ...frame,
      home: isStatic ? thing : prototype,
      superClass,
      self: isStatic ? Flow.of(thing) : self,
    }
    evaluateMember(
      at,
      member,
      isStatic ? { thing, holder: thing, fields: thing } : { thing, holder: prototype, fields: instance },
      inside,
      frame,
    )
  }
  return Flow.of(thing)
}

interface ClassThings {
  thing: Thing
  prototype: Thing
  instance: Thing
  self: Flow
}

/** `this` inside the base class may be an instance of the derived one. */
function inherit(derived: ClassThings, base: Thing): void {
  derived.thing.parents.add(base)
  if (base.isNative) return void derived.instance.parents.add(base)
  base.property('prototype').into(derived.prototype.parents)
  if (base.instance) derived.instance.parents.add(base.instance)
  derived.self.into(base.property('@instances'))
}

interface Places {
  thing: Thing
  holder: Thing
  fields: Thing
}

function evaluateMember(
  at: Evaluation,
  member: Class['body']['body'][number],
  places: Places,
  inside: Frame,
  outside: Frame,
): void {
  if (member.type === 'StaticBlock') {
    for (const statement of member.body) evaluate(at, statement, { ...inside, fn: null, zone: 'field' })
    return
  }
  if (member.computed) evaluate(at, member.key, outside)
  if (member.type === 'MethodDefinition') evaluateMethod(at, member, places, inside)
  else evaluateField(at, member, places, inside)
}

function evaluateMethod(
  at: Evaluation,
  member: MethodDefinition,
  { thing, holder, fields }: Places,
  inside: Frame,
): void {
  const key = staticKey(member)
  const value = evaluateFunction(at, member.value, inside, {
    role: roleOfMethod(member.kind, key),
    label: key,
    self: inside.self,
  })
  const made = at.functions.get(member.value)
  if (member.kind === 'constructor') {
    if (made?.callable) thing.callable = made.callable
    forwardParameters(thing, made, member.value)
  } else if (member.kind === 'method') at.store(holder, key, value)
  else if (member.kind === 'get' && made?.callable) at.store(holder, key, made.callable.returns)
  else if (member.kind === 'set' && made && key !== null) fields.property(key).into(made.parameter(0))
}

/** `new C(x)` calls the class's thing; the parameters live in the constructor's. */
function forwardParameters(thing: Thing, made: Thing | undefined, node: FunctionNode): void {
  node.params.forEach((_, index) => {
    if (made) thing.parameter(index).into(made.parameter(index))
  })
}

function evaluateField(at: Evaluation, member: PropertyDefinition, { fields }: Places, inside: Frame): void {
  if (!member.value) return
  const key = staticKey(member)
  const frame: Frame = { ...inside, fn: null, zone: 'field' }
  const value = isFunction(member.value)
    ? evaluateFunction(at, member.value, frame, { label: key })
    : evaluate(at, member.value, frame)
  at.store(fields, key, value)
}
