import type { Cell } from '../config/cells.ts'
import { isLaunched, type LoadedConfig } from '../config.ts'
import type { Engine, ScenarioFacts } from '../engine/port.ts'
import { UserError } from '../errors.ts'
import type { ComparisonPlan } from '../record/schema.ts'

/** How the loads of what is compared are cut. */
export interface SlicePlan {
  lengthMs: number
  /** Turns of each server. */
  each: number
}

/** Of one turn nothing could be balanced. */
const fewest = 2

/**
 * What the config says of slices of a scenario; null: its trials are whole.
 *
 * @param inPairs two are compared, pair by pair; else all variants of the cell, block by block
 * @throws UserError where slices would not measure what whole trials do
 */
export function planSlices(
  { file, scenarios, variants }: LoadedConfig,
  cell: Cell,
  engine: Engine,
  facts: ScenarioFacts,
  inPairs: boolean,
): SlicePlan | null {
  const { pairs, slices: always } = scenarios[cell.scenario]!
  const own = inPairs ? pairs?.slices : undefined
  const slices = own ?? always
  // A server that is alone in its block has nobody to take turns with.
  if (!slices || (!inPairs && cell.variants.length < 2)) return null
  const plan = { lengthMs: slices.length, each: Math.floor((1000 * facts.durationS) / slices.length) }
  const why = whyNotTheLoad(engine, facts, plan) ?? whyNotTheServers(variants, cell.variants)
  if (why === null) return plan
  throw new UserError(
    `${file}: scenario "${cell.scenario}" cannot be compared in slices: ${why}. Leave out scenarios.${cell.scenario}.${own ? 'pairs.slices' : 'slices'}, and its trials are whole`,
  )
}

function whyNotTheLoad({ name }: Engine, { notInSlices, durationS }: ScenarioFacts, plan: SlicePlan): string | null {
  if (notInSlices === undefined) return `the engine "${name}" has no slices`
  if (notInSlices !== null) return notInSlices
  if (plan.each >= fewest) return null
  return `its load of ${durationS} s is shorter than ${fewest} slices of ${plan.lengthMs / 1000} s`
}

/** Work of one server in a turn of the other's would slow the other down, and be counted nowhere. */
function whyNotTheServers(variants: LoadedConfig['variants'], names: readonly string[]): string | null {
  const ports = new Map<number, string>()
  // A variant that is compared with itself is alive twice.
  for (const name of names.length === 1 ? [...names, ...names] : names) {
    const variant = variants[name]!
    if (!isLaunched(variant)) return `variant "${name}" is reached by its URL, and weir cannot start it afresh`
    if (variant.defers !== undefined)
      return `variant "${name}" goes on working for a request after it has answered (${variant.defers}), which would fall into the turns of others`
    if (variant.port === undefined) continue
    const other = ports.get(variant.port)
    if (other !== undefined)
      return `variants "${other}" and "${name}" have the same port ${variant.port}, and they are alive together`
    ports.set(variant.port, name)
  }
  return null
}

/**
 * How pairs of a comparison are run.
 * @throws UserError where scenarios differ: numbers of the two modes are never put together
 */
export function modeOf(scenarios: ReadonlyMap<string, { slices: SlicePlan | null }>): ComparisonPlan['mode'] {
  const named = (isSliced: boolean): string[] =>
    [...scenarios].filter(([, { slices }]) => (slices !== null) === isSliced).map(([name]) => `"${name}"`)
  const [sliced, whole] = [named(true), named(false)]
  if (sliced.length === 0) return 'trials'
  if (whole.length === 0) return 'slices'
  throw new UserError(
    `pairs of ${sliced.join(', ')} are run in slices, those of ${whole.join(', ')} in whole trials: compare them one after the other, or leave out their slices`,
  )
}
