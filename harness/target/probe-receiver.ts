import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { ProbeHello, ProbeSample } from './port.ts'
import { withPreload } from './preload.ts'
import { listenPrivately } from './private-socket.ts'

/**
 * Where probes report to: one receiver a trial. Samples stay in memory by process and thread.
 */
export interface ProbeReceiver {
  /** Given to the target as WEIR_PROBE_SOCKET. */
  socketPath: string
  /** Every thread that has said hello, in order of arrival; also those of wrappers such as npm. */
  hellos(): ProbeHello[]
  /** The main thread of a process; empty where no probe runs in it. */
  samplesOf(pid: number): ProbeSample[]
  /** All threads of a process by thread number, the main thread (0) too. */
  threadsOf(pid: number): Map<number, ProbeSample[]>
  /**
   * Ends the probes, which leave their processes alone, and takes in what they have sent; queries can be asked on.
   */
  close(): Promise<void>
}

const probeUrl = new URL('./probe.mjs', import.meta.url).href

/** Listens on a fresh Unix socket in a folder that only this user may enter. */
export async function openProbeReceiver(): Promise<ProbeReceiver> {
  const threads = new Map<string, ThreadStream>()
  const { path, close } = await listenPrivately('probe', (socket) => receive(socket, threads))
  return { socketPath: path, ...queriesOn(threads), close }
}

/** What makes the Node processes of a target load the probe, on top of options that they already get. */
export const probeEnvironment = (receiver: ProbeReceiver, env: Record<string, string>): Record<string, string> => ({
  ...withPreload(env, probeUrl),
  WEIR_PROBE_SOCKET: receiver.socketPath,
})

interface ThreadStream {
  hello: ProbeHello
  samples: ProbeSample[]
}

function queriesOn(threads: Map<string, ThreadStream>) {
  const threadsOf = (pid: number) =>
    new Map(
      [...threads.values()].filter(({ hello }) => hello.pid === pid).map((one) => [one.hello.thread, one.samples]),
    )
  return {
    hellos: () => [...threads.values()].map(({ hello }) => hello),
    samplesOf: (pid: number) => threadsOf(pid).get(0) ?? [],
    threadsOf,
  }
}

/** A stream is a hello and then samples, a JSON line each; a process that dies may leave half a line behind. */
function receive(socket: Socket, threads: Map<string, ThreadStream>): void {
  let stream: ThreadStream | undefined
  // A reader of lines says its stream's errors once more: unheard they would end everything.
  const lines = createInterface({ input: socket }).on('error', () => socket.destroy())
  lines.on('line', (line) => {
    const message = parseLine(line)
    if (message?.hello) {
      stream = { hello: message.hello, samples: [] }
      threads.set(`${message.hello.pid}/${message.hello.thread}`, stream)
    }
    if (message?.sample) stream?.samples.push(message.sample)
  })
}

function parseLine(line: string): { hello?: ProbeHello; sample?: ProbeSample } | null {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
