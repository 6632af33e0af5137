import { UserError } from '../../errors.ts'

/** Options as they come from a script, a flag or a config: anything. */
export type Raw = Record<string, unknown>

/** @throws UserError naming the option */
export function asObject(value: unknown, what: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  throw new UserError(`${what}: expected an object, found ${JSON.stringify(value)}`)
}

/** @throws UserError unless it is a whole number of at least `least` */
export function wholeNumber(value: unknown, what: string, least = 0): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value
  throw new UserError(`${what}: expected a whole number of at least ${least}, found ${JSON.stringify(value)}`)
}

/** An object whose values become text; nothing is an empty one. */
export function stringValues(raw: unknown, what: string): Record<string, string> {
  if (raw === undefined) return {}
  return Object.fromEntries(Object.entries(asObject(raw, what)).map(([key, value]) => [key, String(value)]))
}
