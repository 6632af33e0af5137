import { UserError } from '../../../errors.ts'

/** Options as they come from a script, a flag or a config: anything. */
export type Raw = Record<string, unknown>

/** @throws UserError naming the option */
export function asObject(value: unknown, what: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
  throw new UserError(`${what}: expected an object, found ${JSON.stringify(value)}`)
}

/** Also as text, as in k6. @throws UserError unless it is a whole number of at least `least` */
export function wholeNumber(value: unknown, what: string, least = 0): number {
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= least) return number
  throw new UserError(`${what}: expected a whole number of at least ${least}, found ${JSON.stringify(value)}`)
}

/** An object of texts; nothing is an empty one. @throws UserError for values that are something else, as k6 does */
export function stringValues(raw: unknown, what: string): Record<string, string> {
  if (raw === undefined || raw === null) return {}
  const values = Object.entries(asObject(raw, what))
  for (const [key, value] of values)
    if (typeof value !== 'string')
      throw new UserError(`${what}: ${key}: expected a text, found ${JSON.stringify(value)}`)
  return Object.fromEntries(values) as Record<string, string>
}
