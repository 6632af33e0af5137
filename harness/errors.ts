import { type ExitCode, exitCodes } from './exit-codes.ts'
import { nearestName } from './nearest.ts'

/**
 * An error that a user can act on. `message` is one line (or a few) that names the thing, what was expected and what
 * to do; it is printed without a stack, and the process exits with `exitCode`.
 */
export class UserError extends Error {
  override name = 'UserError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.invalidConfig, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** `variant "poling" does not exist. Did you mean "polling"? It is one of: optimized, polling, mutex`. */
export function unknownName(kind: string, name: string, known: Iterable<string>): UserError {
  const names = [...known]
  const remedy = names.length === 0 ? 'There is none' : `${didYouMean(name, names)}It is one of: ${names.join(', ')}`
  return new UserError(`${kind} "${name}" does not exist. ${remedy}`)
}

/** A question in front of a list of names; empty where nothing is near enough. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : `Did you mean "${nearest}"? `
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
