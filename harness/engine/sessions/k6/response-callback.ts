import { GoError } from './go-error.ts'

/** Says whether a status counts as a success (`http_req_failed`). */
export type ResponseCallback = (status: number) => boolean

/** Statuses 200 to 399 are what a script expects unless it says otherwise. */
export const defaultCallback: ResponseCallback = (status) => status >= 200 && status < 400

/** What `http.expectedStatuses` gives; scripts can only pass it on. */
class ExpectedStatuses {
  readonly #exact: readonly number[]
  readonly #ranges: readonly { min: number; max: number }[]

  constructor(exact: number[], ranges: { min: number; max: number }[]) {
    this.#exact = exact
    this.#ranges = ranges
  }

  static matcher(expected: ExpectedStatuses): ResponseCallback {
    return (status) =>
      expected.#exact.includes(status) || expected.#ranges.some(({ min, max }) => min <= status && status <= max)
  }
}

/** @returns null where `value` did not come from `http.expectedStatuses` */
export const matcherOf = (value: unknown): ResponseCallback | null =>
  value instanceof ExpectedStatuses ? ExpectedStatuses.matcher(value) : null

/** `expectedStatuses(200, { min: 300, max: 399 })` */
export function expectedStatuses(...wanted: unknown[]): ExpectedStatuses {
  if (wanted.length === 0) throw new GoError('no arguments')
  const exact: number[] = []
  const ranges: { min: number; max: number }[] = []
  for (const [index, item] of wanted.entries()) {
    if (item === null || item === undefined) throw new TypeError('Cannot convert undefined or null to object')
    if (Number.isInteger(item)) exact.push(item as number)
    else ranges.push(readRange(item as { min?: unknown; max?: unknown }, index + 1))
  }
  return new ExpectedStatuses(exact, ranges)
}

function readRange({ min, max }: { min?: unknown; max?: unknown }, position: number): { min: number; max: number } {
  if (min === undefined || max === undefined)
    throw new GoError(
      `argument number ${position} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
    )
  if (!Number.isInteger(min) || !Number.isInteger(max))
    throw new GoError(`both min and max need to be integers for argument number ${position}`)
  return { min: min as number, max: max as number }
}

/** The argument of `http.setResponseCallback`. */
export function readResponseCallback(value: unknown): ResponseCallback | null {
  if (value === null || value === undefined) return null
  const matcher = matcherOf(value)
  if (matcher === null) throw new GoError('unsupported argument, expected http.expectedStatuses')
  return matcher
}
