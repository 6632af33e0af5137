import { UserError } from '../../../errors.ts'
import type { Raw } from './values.ts'

/** Each of them says what the load is; k6 lets the uppermost layer that has any of them decide alone. */
const loads = ['duration', 'iterations', 'stages', 'scenarios'] as const

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

const namesLoad = (layer: Raw): boolean => loads.some((name) => isGiven(layer[name]))

/**
 * Lays one layer of k6's options over another (defaults below the script, that below K6_* variables, those below
 * flags): what the upper one gives wins, and a load in it replaces the one below altogether.
 */
export function applyLayer(lower: Raw, upper: Raw): Raw {
  const result = { ...lower }
  if (namesLoad(upper)) for (const name of loads) delete result[name]
  for (const [name, value] of Object.entries(upper)) if (isGiven(value)) result[name] = value
  return result
}

/** A warning where flags and the like throw away the scenarios that the script names; null where they do not. */
export function scenariosOverridden(script: Raw, upper: Raw): string | null {
  if (!isGiven(script.scenarios) || !namesLoad(upper)) return null
  const by = loads.filter((name) => isGiven(upper[name])).join(', ')
  return `the scenarios of the script are overridden entirely by what was given from outside (${by})`
}

/** @throws UserError as k6 does where one layer asks for two different loads */
export function assertOneLoad(raw: Raw): void {
  const given = (name: string): boolean => (name === 'stages' ? hasStages(raw) : isGiven(raw[name]))
  for (const [one, others] of [
    ['iterations', ['stages', 'scenarios']],
    ['duration', ['stages', 'scenarios']],
    ['stages', ['scenarios']],
  ] as const) {
    const other = given(one) ? others.find(given) : undefined
    if (other) throw new UserError(`using \`${one}\` and \`${other}\` options simultaneously is not allowed`)
  }
}

export const hasStages = ({ stages }: Raw): boolean =>
  isGiven(stages) && !(Array.isArray(stages) && stages.length === 0)
