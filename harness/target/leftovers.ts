/**
 * What must be cleaned up when the harness dies by an exception, by process.exit or by a signal that nobody handles:
 * families of processes that were started and not yet stopped, sockets in the file system. (execa's own clean-up
 * leaves out detached processes.) Against SIGKILL of the harness there is the probe: it ends its process then.
 */
const cleanups = new Set<() => void>()

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Has `cleanup`, which must be synchronous, called should the harness die; until the function that this gives is called. */
export function atDeath(cleanup: () => void): () => void {
  if (cleanups.size === 0) hook()
  cleanups.add(cleanup)
  return () => {
    if (cleanups.delete(cleanup) && cleanups.size === 0) unhook()
  }
}

function hook(): void {
  process.on('exit', cleanUp)
  for (const signal of signals) process.on(signal, onSignal)
}

function unhook(): void {
  process.off('exit', cleanUp)
  for (const signal of signals) process.off(signal, onSignal)
}

function cleanUp(): void {
  for (const cleanup of cleanups) cleanup()
}

/** Another listener (a command that stops in order) decides for itself; without one, do what the signal does: die. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  cleanUp()
  unhook()
  process.kill(process.pid, signal)
}
