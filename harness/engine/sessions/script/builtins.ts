import { link, plainArguments, promiseOf } from './calls.ts'
import { awaited, type CallSite, type Evaluation, elementsOf, read, union } from './evaluate.ts'
import { Flow, Thing } from './flow.ts'

/** What a built-in does with the functions and objects that pass through it. */
type Model = (at: Evaluation, site: CallSite) => void

const argument = (site: CallSite, index: number): Flow => site.args[index]?.flow ?? new Flow()
const receiver = (site: CallSite): Flow => site.receiver ?? new Flow()

function listOf(...elements: Flow[]): Flow {
  const list = new Thing('list')
  for (const flow of elements) flow.into(list.elements)
  return Flow.of(list)
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
  site.result.add(promiseOf(union(awaited(returned), values)))
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
  ['map', (at, site) => listOf(each(at, site)).into(site.result)],
  [
    'flatMap',
    (at, site) => {
      const returned = each(at, site)
      listOf(returned, elementsOf(returned)).into(site.result)
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
  ['flat', (_, site) => listOf(elementsOf(receiver(site)), elementsOf(elementsOf(receiver(site)))).into(site.result)],
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
  ['call', callAs],
  ['apply', applyAs],
  ['bind', (_, site) => receiver(site).into(site.result)],
])

const anyProperty = (object: Flow): Flow => read(object, null)
const merge: Model = (_, site) => {
  const [target, ...sources] = site.args
  for (const source of sources) {
    source.flow.each((from) => target?.flow.each((to) => !to.isNative && to !== from && to.parents.add(from)))
  }
  target?.flow.into(site.result)
}
const same: Model = (_, site) => argument(site, 0).into(site.result)
const combine: Model = (_, site) => site.result.add(promiseOf(listOf(awaited(elementsOf(argument(site, 0))))))

export const builtinGlobals: ReadonlyMap<string, Model> = new Map<string, Model>([
  ['Object.values', (_, site) => listOf(anyProperty(argument(site, 0))).into(site.result)],
  ['Object.entries', (_, site) => listOf(listOf(anyProperty(argument(site, 0)))).into(site.result)],
  ['Object.assign', merge],
  ['Object.freeze', same],
  ['Object.seal', same],
  [
    'Object.create',
    (_, site) => {
      const made = new Thing('created')
      argument(site, 0).into(made.parents)
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
  ['Array.of', (_, site) => listOf(...site.args.map((each) => each.flow)).into(site.result)],
  [
    'Array.from',
    (at, site) => {
      const elements = elementsOf(argument(site, 0))
      const returned = callBack(at, site, argument(site, 1), elements, Flow.of(at.known.language))
      listOf(site.args.length > 1 ? returned : elements).into(site.result)
    },
  ],
  ['Promise.all', combine],
  ['Promise.allSettled', combine],
  ['Promise.race', combine],
  ['Promise.any', combine],
  ['Promise.resolve', (_, site) => site.result.add(promiseOf(argument(site, 0)))],
])
