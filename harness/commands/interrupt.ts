import { exitCodes } from '../exit-codes.ts'

/** The first Ctrl-C (or SIGTERM) asks for an orderly end, the second ends at once. */
export function onInterrupt(): { signal: AbortSignal; done(): void } {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    console.error('\nweir: stopping what was started; once more to stop at once')
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, interrupt)
  return {
    signal: controller.signal,
    done: () => {
      for (const name of signals) process.off(name, interrupt)
    },
  }
}
