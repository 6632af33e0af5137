import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchFailure } from './launch-failure.ts'
import type { Exit, LaunchSpec, Running } from './port.ts'
import { isFree } from './ports.ts'
import type { ProbeReceiver } from './probe-receiver.ts'
import { commandOf, familyOf } from './process-tree.ts'
import { describeProbe, untilReady } from './ready.ts'
import { holdersOf, listenerOn, listeners, listeningPorts } from './sockets.ts'
import { type StartedGroup, startGroup } from './started-group.ts'

export { LaunchFailure }

/**
 * Starts a process of the user's and resolves when it is ready. It gets a process group of its own, so that wrappers
 * (npm, shells) end as a whole. With `probe`, and where the spec asks for it, the probe is preloaded into its Node
 * processes.
 *
 * Rejects with a LaunchFailure when the port is taken, when the process dies first, or when it is not ready in time;
 * with the signal's reason when `signal` is aborted before it is ready (later the signal does nothing). Whatever
 * was started is stopped by then.
 */
export async function launch(spec: LaunchSpec, probe?: ProbeReceiver, signal?: AbortSignal): Promise<Running> {
  signal?.throwIfAborted()
  await refuseTakenPort(spec)
  const group = await startGroup(spec, probe)
  try {
    const bootMs = await bootTime(spec, group, signal)
    const pid = ownerOfPort(spec, group)
    return { pid, bootMs, groupPid: group.pid, exited: group.exited, stop: group.stop, outputTail: group.outputTail }
  } catch (error) {
    await group.stop()
    throw error
  }
}

async function refuseTakenPort({ title, port }: LaunchSpec): Promise<void> {
  if (await isFree(port)) return
  throw new LaunchFailure(
    `${title}: port ${port} is already taken${byWhom(port)}. Stop that process or use another port`,
  )
}

/** Spawn to first successful ready probe, ms. */
async function bootTime(spec: LaunchSpec, group: StartedGroup, signal?: AbortSignal): Promise<number> {
  const waiting = new AbortController()
  const { signal: over } = waiting
  const interrupted = () => waiting.abort(signal?.reason)
  let problem = 'no attempt was made'
  signal?.addEventListener('abort', interrupted, { once: true })
  group.exited.then((exit) => waiting.abort(diedEarly(spec, exit)))
  const tooLate = sleep(spec.ready.timeoutMs, undefined, { signal: over, ref: false })
  tooLate.then(
    () => waiting.abort(neverReady(spec, group, problem)),
    () => {},
  )
  try {
    await untilReady(spec.port, spec.ready, over, (said) => (problem = said))
    return performance.now() - group.spawnedAtMs
  } finally {
    waiting.abort()
    signal?.removeEventListener('abort', interrupted)
  }
}

function diedEarly({ title, command }: LaunchSpec, exit: Exit): LaunchFailure {
  const how = exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`
  const hint = exit.code === 127 ? ` (command not found?)` : ''
  return new LaunchFailure(`${title}: "${command.join(' ')}" ${how}${hint} before it was ready`, exit.outputTail)
}

function neverReady({ title, port, ready }: LaunchSpec, group: StartedGroup, problem: string): LaunchFailure {
  const ports = listeningPorts(familyOf(group.pid))
  const elsewhere = ports.length > 0 && !ports.includes(port) ? `; it listens on port ${ports.join(', ')} instead` : ''
  const message = `${title}: not ready within ${ready.timeoutMs} ms: ${describeProbe(port, ready)}: ${problem}${elsewhere}`
  return new LaunchFailure(message, group.outputTail())
}

/**
 * The process that owns the listening socket: not npm or a shell that started it, and of a server that forks, the
 * one that forks. Where it cannot be told (no /proc, or a process that we may not look into), the one that was started.
 */
function ownerOfPort({ title, port }: LaunchSpec, group: StartedGroup): number {
  const sockets = listeners()?.filter((listener) => listener.port === port) ?? []
  const holders = holdersOf(sockets, familyOf(group.pid))
  const first = holders.find(({ parent }) => !holders.some(({ pid }) => pid === parent))
  if (first) return first.pid
  if (listenerOn(port) === null) return group.pid
  const message = `${title}: port ${port} was taken by another process${byWhom(port)} while this one started`
  throw new LaunchFailure(message, group.outputTail())
}

function byWhom(port: number): string {
  const holder = listenerOn(port)
  return holder ? ` (pid ${holder.pid}: ${commandOf(holder.pid)})` : ''
}
