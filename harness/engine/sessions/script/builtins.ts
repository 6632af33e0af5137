import { defineAll, defineOne, descriptorOf } from './accessors.ts'
import { construct, link, plainArguments, promiseOf } from './calls.ts'
import { awaited, type CallSite, type Evaluation, elementsOf, read, union } from './evaluate.ts'
import { Flow, Thing } from './flow.ts'

/** What a built-in does with the functions and objects that pass through it. */
export type Model = (at: Evaluation, site: CallSite) => void

const argument = (site: CallSite, index: number): Flow => site.args[index]?.flow ?? new Flow()
const receiver = (site: CallSite): Flow => site.receiver ?? new Flow()

function listOf(at: Evaluation, ...elements: Flow[]): Flow {
  const list = at.known.builtIn('list')
  for (const flow of elements) flow.into(list.elements)
  return Flow.of(list)
}

/** `{ value }`: what an iterator's next() gives. */
function boxOf(values: Flow): Flow {
  const box = new Thing('box')
  values.into(box.property('value'))
  return Flow.of(box)
}

/** Calls the callback for the elements; gives what it returns. */
function callBack(at: Evaluation, site: CallSite, callback: Flow, ...given: Flow[]): Flow {
  const returned = new Flow()
  callback.each((thing) => link(at, thing, plainArguments(site.node, ...given), null, returned))
  return returned
}

const each = (at: Evaluation, site: CallSite): Flow =>
  callBack(at, site, argument(site, 0), elementsOf(receiver(site)), Flow.of(at.known.language), receiver(site))

const sameList: Model = (_, site) => receiver(site).into(site.result)
const oneElement: Model = (_, site) => elementsOf(receiver(site)).into(site.result)
const visit: Model = (at, site) => void each(at, site)
const find: Model = (at, site) => {
  each(at, site)
  oneElement(at, site)
}
const compare: Model = (at, site) => {
  const elements = elementsOf(receiver(site))
  callBack(at, site, argument(site, 0), elements, elements)
  sameList(at, site)
}
const reduce: Model = (at, site) => {
  const accumulated = union(argument(site, 1), elementsOf(receiver(site)))
  const native = Flow.of(at.known.language)
  callBack(at, site, argument(site, 0), accumulated, elementsOf(receiver(site)), native, receiver(site)).into(
    accumulated,
  )
  accumulated.into(site.result)
}
const put =
  (index: number): Model =>
  (_, site) =>
    receiver(site).each((thing) => !thing.isNative && argument(site, index).into(thing.elements))
const putAll: Model = (at, site) => {
  for (const index of site.args.keys()) put(index)(at, site)
}
const settle: Model = (at, site) => {
  const values = awaited(receiver(site))
  const returned = union(...site.args.map((each) => callBack(at, site, each.flow, values)))
  site.result.add(promiseOf(at, union(awaited(returned), values)))
}
const callAs: Model = (at, site) => {
  const args = site.args.slice(1)
  receiver(site).each((thing) => link(at, thing, args, argument(site, 0), site.result))
}
const applyAs: Model = (at, site) => {
  const args = [{ node: site.node, flow: elementsOf(argument(site, 1)), spread: true }]
  receiver(site).each((thing) => link(at, thing, args, argument(site, 0), site.result))
}

/** By name of the method, whatever the receiver: a receiver of another kind has no elements to pass on. */
export const builtinMethods: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['forEach', visit],
  ['some', visit],
  ['every', visit],
  ['findIndex', visit],
  ['findLastIndex', visit],
  ['find', find],
  ['findLast', find],
  ['map', (at, site) => listOf(at, each(at, site)).into(site.result)],
  [
    'flatMap',
    (at, site) => {
      const returned = each(at, site)
      listOf(at, returned, elementsOf(returned)).into(site.result)
    },
  ],
  [
    'filter',
    (at, site) => {
      each(at, site)
      sameList(at, site)
    },
  ],
  ['reduce', reduce],
  ['reduceRight', reduce],
  ['sort', compare],
  ['toSorted', compare],
  ['slice', sameList],
  ['splice', sameList],
  ['reverse', sameList],
  ['toReversed', sameList],
  ['values', sameList],
  [
    'flat',
    (at, site) => listOf(at, elementsOf(receiver(site)), elementsOf(elementsOf(receiver(site)))).into(site.result),
  ],
  ['concat', (_, site) => union(receiver(site), ...site.args.map((each) => each.flow)).into(site.result)],
  ['pop', oneElement],
  ['shift', oneElement],
  ['at', oneElement],
  ['get', oneElement],
  ['push', putAll],
  ['unshift', putAll],
  ['add', put(0)],
  ['set', put(1)],
  ['then', settle],
  ['catch', settle],
  ['finally', settle],
  ['entries', (at, site) => listOf(at, listOf(at, elementsOf(receiver(site)))).into(site.result)],
  ['next', (_, site) => boxOf(elementsOf(receiver(site))).into(site.result)],
  ['deref', oneElement],
  ['call', callAs],
  ['apply', applyAs],
  ['bind', (_, site) => receiver(site).into(site.result)],
])

const anyProperty = (object: Flow): Flow => read(object, null)
/** Reflection that nothing more is known of may give back what it was given, or something that holds it. */
export const reflect: Model = (_, site) => {
  const holder = new Thing('reflected')
  holder.dynamic.add(holder)
  for (const { flow } of site.args) {
    flow.into(holder.dynamic)
    anyProperty(flow).into(holder.dynamic)
  }
  site.result.add(holder)
}

const merge: Model = (_, site) => {
  const [target, ...sources] = site.args
  for (const source of sources) {
    source.flow.each((from) => target?.flow.each((to) => !to.isNative && to !== from && to.parents.add(from)))
  }
  target?.flow.into(site.result)
}
const inheritFrom: Model = (_, site) => {
  argument(site, 0).each((thing) => !thing.isNative && argument(site, 1).into(thing.parents))
  argument(site, 0).into(site.result)
}
const same: Model = (_, site) => argument(site, 0).into(site.result)
const combine: Model = (at, site) => site.result.add(promiseOf(at, listOf(at, awaited(elementsOf(argument(site, 0))))))

export const builtinGlobals: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['Object.values', (at, site) => listOf(at, anyProperty(argument(site, 0))).into(site.result)],
  ['Object.entries', (at, site) => listOf(at, listOf(at, anyProperty(argument(site, 0)))).into(site.result)],
  ...['Object.keys', 'Object.getOwnPropertyNames', 'Object.getOwnPropertySymbols', 'Reflect.ownKeys'].map(
    (name): [string, Model] => [name, (at, site) => listOf(at, Flow.of(at.known.language)).into(site.result)],
  ),
  ['Object.assign', merge],
  ['Object.defineProperty', defineOne],
  ['Reflect.defineProperty', defineOne],
  [
    'Object.defineProperties',
    (at, site) => {
      defineAll(at, argument(site, 0), argument(site, 1))
      argument(site, 0).into(site.result)
    },
  ],
  ['Object.setPrototypeOf', inheritFrom],
  ['Reflect.setPrototypeOf', inheritFrom],
  ['Object.freeze', same],
  ['Object.seal', same],
  [
    'Object.create',
    (at, site) => {
      const made = new Thing('created')
      argument(site, 0).into(made.parents)
      defineAll(at, Flow.of(made), argument(site, 1))
      site.result.add(made)
    },
  ],
  [
    'Object.fromEntries',
    (_, site) => {
      const made = new Thing('from entries')
      elementsOf(elementsOf(argument(site, 0))).into(made.dynamic)
      site.result.add(made)
    },
  ],
  ['Object.getOwnPropertyDescriptor', (_, site) => site.result.add(descriptorOf(anyProperty(argument(site, 0))))],
  [
    'Reflect.apply',
    (at, site) => {
      const args = [{ node: site.node, flow: elementsOf(argument(site, 2)), spread: true }]
      argument(site, 0).each((thing) => link(at, thing, args, argument(site, 1), site.result))
    },
  ],
  [
    'Reflect.construct',
    (at, site) => {
      const args = [{ node: site.node, flow: elementsOf(argument(site, 1)), spread: true }]
      argument(site, 0).each((thing) => construct(at, thing, { ...site, args, global: null }))
    },
  ],
  ['Reflect.get', (_, site) => anyProperty(argument(site, 0)).into(site.result)],
  ['Array.of', (at, site) => listOf(at, ...site.args.map((each) => each.flow)).into(site.result)],
  [
    'Array.from',
    (at, site) => {
      const elements = elementsOf(argument(site, 0))
      const returned = callBack(at, site, argument(site, 1), elements, Flow.of(at.known.language))
      listOf(at, site.args.length > 1 ? returned : elements).into(site.result)
    },
  ],
  ['Promise.all', combine],
  ['Promise.allSettled', combine],
  ['Promise.race', combine],
  ['Promise.any', combine],
  ['Promise.resolve', (at, site) => site.result.add(promiseOf(at, argument(site, 0)))],
])
