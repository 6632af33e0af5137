import { type ExitCode, exitCodes } from './exit-codes.ts'

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

/** `variant "poling" does not exist. It is one of: optimized, polling, mutex`. */
export const unknownName = (kind: string, name: string, known: Iterable<string>): UserError =>
  new UserError(`${kind} "${name}" does not exist. It is one of: ${[...known].join(', ')}`)

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
