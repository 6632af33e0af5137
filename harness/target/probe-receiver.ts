import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { atDeath } from './leftovers.ts'
import type { ProbeHello, ProbeSample } from './port.ts'

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

/** sun_path holds 108 bytes on Linux, 104 on macOS, the zero at the end included. */
const longestSocketPath = 103

/** A process that is stopped or stuck does not hang up by itself. */
const hangUpMs = 1000

const probeUrl = new URL('./probe.mjs', import.meta.url).href

/** Listens on a fresh Unix socket in a folder that only this user may enter. */
export async function openProbeReceiver(): Promise<ProbeReceiver> {
  const folder = await socketFolder()
  const socketPath = join(folder, 'probe')
  const threads = new Map<string, ThreadStream>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    receive(socket, threads)
  })
  await listen(server, socketPath)
  const release = atDeath(() => rmSync(folder, { recursive: true, force: true }))
  const close = async () => {
    release()
    // The file goes first: a probe that loses its receiver while the file is there takes the harness for killed.
    await rm(folder, { recursive: true, force: true })
    await closeAll(server, sockets)
  }
  let closing: Promise<void> | undefined
  return { socketPath, ...queriesOn(threads), close: () => (closing ??= close()) }
}

/** What makes the Node processes of a target load the probe, on top of options that they already get. */
export function probeEnvironment(receiver: ProbeReceiver, env: Record<string, string>): Record<string, string> {
  const options = env.NODE_OPTIONS ?? process.env.NODE_OPTIONS ?? ''
  return { NODE_OPTIONS: `${options} --import=${probeUrl}`.trim(), WEIR_PROBE_SOCKET: receiver.socketPath }
}

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
  socket.on('error', () => socket.destroy())
  createInterface({ input: socket }).on('line', (line) => {
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

function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.end()
  return new Promise((resolve) => {
    const impatience = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), hangUpMs)
    server.close(() => {
      clearTimeout(impatience)
      resolve()
    })
  })
}

async function socketFolder(): Promise<string> {
  const prefix = 'weir-'
  const base = join(tmpdir(), `${prefix}XXXXXX`, 'probe').length <= longestSocketPath ? tmpdir() : '/tmp'
  return mkdtemp(join(base, prefix))
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
