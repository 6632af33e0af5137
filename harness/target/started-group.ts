import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { execa } from 'execa'
import { isInstalled } from './executables.ts'
import { LaunchFailure } from './launch-failure.ts'
import { atDeath } from './leftovers.ts'
import { tailOf } from './log-tail.ts'
import type { Exit, LaunchSpec } from './port.ts'
import { type ProbeReceiver, probeEnvironment } from './probe-receiver.ts'
import { signalFamily, stopFamily } from './stop-family.ts'

/** What is started, whether or not it will listen to anything. */
export type GroupSpec = Omit<LaunchSpec, 'port' | 'ready'>

/** A spawned process group, ready or not. */
export interface StartedGroup {
  /** Of the command as it was spawned: also the id of its process group. */
  pid: number
  /** On the scale of performance.now(). */
  spawnedAtMs: number
  exited: Promise<Exit>
  stop(): Promise<Exit>
  outputTail(): string[]
}

/**
 * Spawns the command as the leader of a new session and process group. Its output goes straight into the log file, not
 * through the harness: a target that logs much must not cost the generator's core anything.
 * Rejects with a LaunchFailure where the command or the folder does not exist.
 */
export async function startGroup(spec: GroupSpec, probe?: ProbeReceiver): Promise<StartedGroup> {
  const log = openLog(spec.logFile)
  const spawnedAtMs = performance.now()
  const child = spawnDetached(spec, log.descriptor, probe)
  closeSync(log.descriptor)
  const { pid } = child
  if (pid === undefined) throw new LaunchFailure(`${spec.title}: could not be started: ${problemOf(await child)}`)
  const release = atDeath(() => signalFamily(pid, 'SIGKILL'))
  const outputTail = () => tailOf(spec.logFile, log.startsAt)
  const exited = child.then(
    ({ exitCode, signal }): Exit => ({ code: exitCode ?? null, signal: signal ?? null, outputTail: outputTail() }),
  )
  let stopping: Promise<Exit> | undefined
  const stopOnce = async () => {
    await stopFamily(pid, spec.stopTimeoutMs)
    release()
    return exited
  }
  return { pid, spawnedAtMs, exited, outputTail, stop: () => (stopping ??= stopOnce()) }
}

function spawnDetached({ command, cpus, cwd, env, probe: wanted }: GroupSpec, log: number, probe?: ProbeReceiver) {
  // Without taskset it runs unpinned; the decision about pinning has said so then.
  const pinned = cpus !== null && isInstalled('taskset') ? ['taskset', '-c', cpus, ...command] : command
  const [program = '', ...args] = pinned
  // Any descriptor is passed on; execa's types only happen to end at 9.
  const output = log as 9
  return execa(program, args, {
    cwd,
    env: wanted && probe ? probeEnvironment(probe, env) : env,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
  })
}

/** Appends: the tail of this process begins where the file ended before. */
function openLog(file: string): { descriptor: number; startsAt: number } {
  mkdirSync(dirname(file), { recursive: true })
  const descriptor = openSync(file, 'a')
  return { descriptor, startsAt: fstatSync(descriptor).size }
}

const problemOf = ({ originalMessage }: { originalMessage?: string | undefined }): string =>
  (originalMessage ?? 'unknown error').split('\n')[0]!
