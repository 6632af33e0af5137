/** Exit code of a wrong command line: unknown variant, option or value. */
export const exitInvalidArguments = 104
/** Exit code of everything else that keeps a process from starting. */
export const exitCannotStart = 1

/** Something the person who starts a process can put right. `message` is one line, printed without a stack. */
export class StartError extends Error {
  override name = 'StartError'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitInvalidArguments, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** The message of anything that was thrown; an AggregateError (a refused connection) has none of its own. */
export const messageOf = (thrown: unknown): string => {
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(messageOf).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** One line on stderr for a failure that no caller is left to hear of. */
export const logFailure = (what: string, thrown: unknown): void => {
  process.stderr.write(`${what}: ${messageOf(thrown)}\n`)
}

/** The error of a port that is taken, in words; any other error as it came. */
export const listenError = (thrown: unknown, host: string, port: number, option: string): unknown => {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code
  if (code !== 'EADDRINUSE') return thrown
  return new StartError(`port ${port} on ${host} is in use; choose another one with ${option}`, exitCannotStart)
}

/** Runs a process's story; what goes wrong before it runs is told in one line and ends it with the error's exit code. */
export const runMain = async (main: () => Promise<void>): Promise<void> => {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof StartError ? error.message : (error as Error).stack}\n`)
    process.exit(error instanceof StartError ? error.exitCode : exitCannotStart)
  }
}
