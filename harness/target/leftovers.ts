import { signalFamily } from './stop-family.ts'

/**
 * Families that were started and not yet stopped. When the harness dies by an exception, by process.exit or by a
 * signal that nobody handles, they are killed on the way out. (execa's own clean-up leaves out detached processes.)
 * Against SIGKILL of the harness there is the probe: it ends its process when the harness vanishes.
 */
const live = new Set<number>()

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** From now on the family of this process does not outlive the harness. */
export function guard(root: number): void {
  if (live.size === 0) hook()
  live.add(root)
}

/** The family is gone. */
export function release(root: number): void {
  if (live.delete(root) && live.size === 0) unhook()
}

function hook(): void {
  process.on('exit', killAll)
  for (const signal of signals) process.on(signal, onSignal)
}

function unhook(): void {
  process.off('exit', killAll)
  for (const signal of signals) process.off(signal, onSignal)
}

function killAll(): void {
  for (const root of live) signalFamily(root, 'SIGKILL')
}

/** Another listener (a command that stops in order) decides for itself; without one, do what the signal does: die. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  killAll()
  unhook()
  process.kill(process.pid, signal)
}
