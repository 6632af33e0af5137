import type { Observation } from '../record/schema.ts'
import { type ObservationId, observationKey } from './observation-id.ts'

/**
 * What the numbers of a record are of, in their order. Nearly all records of a scenario share one: what follows from it is
 * worked out once for all of them, and not for each of the half a million numbers of a large run.
 */
export interface Layout {
  /** The numbers of the first record that had it, as examples. */
  examples: readonly Observation[]
  /** Where each stands, by `observationKey`; of two alike the first. */
  places: ReadonlyMap<string, number>
}

const known = new WeakMap<readonly Observation[], Layout>()

/** Records come scenario by scenario: what they are like was seen just before, or never. */
const recent: Layout[] = []
const mostRecent = 16

/** The same object for all records that have the same numbers in the same order. */
export function layoutOf(observations: readonly Observation[]): Layout {
  const before = known.get(observations)
  if (before) return before
  const layout = recent.find(({ examples }) => areAlike(examples, observations)) ?? newLayout(observations)
  known.set(observations, layout)
  return layout
}

function newLayout(examples: readonly Observation[]): Layout {
  // Of two alike the first counts: the last that is set.
  const places = new Map(examples.map((each, at) => [observationKey(each, each), at] as const).reverse())
  const layout = { examples, places }
  recent.unshift(layout)
  recent.length = Math.min(recent.length, mostRecent)
  return layout
}

const areAlike = (one: readonly Observation[], other: readonly Observation[]): boolean =>
  one.length === other.length && one.every((each, at) => isAlike(each, other[at]!))

const isAlike = (one: Observation, other: Observation): boolean =>
  one.metric === other.metric &&
  one.stat === other.stat &&
  one.scenario === other.scenario &&
  one.phase === other.phase &&
  one.unit === other.unit &&
  one.better === other.better &&
  one.source === other.source

const keys = new WeakMap<ObservationId, string>()

/** Where the number stands that is asked for; undefined: nowhere. */
export function placeOf({ places }: Layout, id: ObservationId): number | undefined {
  let key = keys.get(id)
  if (key === undefined) keys.set(id, (key = observationKey(id, id.scope)))
  return places.get(key)
}
