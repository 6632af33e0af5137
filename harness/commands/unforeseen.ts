import { messageOf } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'

/**
 * What nobody caught ends the process with a code of its own: 1 says that something was found to be worse, and a build must
 * not take a fault of weir's for that. Who closes the pipe that weir prints to has read enough, and changes no outcome.
 */
export function onUnforeseen(): void {
  process.on('uncaughtException', (error) => {
    tellUnforeseen(error)
    process.exit(exitCodes.internal)
  })
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}

/** Prints what was thrown, with its stack. */
export function tellUnforeseen(error: unknown): void {
  const what = error instanceof Error ? error.stack : messageOf(error)
  console.error(`weir: unexpected failure, please report it:\n${what}`)
}
