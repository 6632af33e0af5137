import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { listenPrivately, type PrivateSocket } from '../../target/private-socket.ts'

/** A thread of a target that can be sampled. */
export interface SampledThread {
  pid: number
  /** 0 is the main thread. */
  thread: number
  /** Where it writes its profile; null: it was never told to begin. */
  file: string | null
  /** What went wrong in it; null: nothing that it said. */
  problem: string | null
  /** Resolves when it has written its profile, has said why not, or is gone. */
  over: Promise<void>
}

export interface SampledThreads {
  socketPath: string
  all(): readonly SampledThread[]
  /** Has those that are there, and those to come, sample their stacks. */
  start(): void
  /** Has all of them end that and write what they have; it takes no more. */
  stop(): void
  close(): Promise<void>
}

interface Setting {
  intervalUs: number
  /** The most threads that are sampled: a target that makes one for every request would fill the disk. */
  most: number
  /** @param number 1-based */
  fileFor(thread: Pick<SampledThread, 'pid' | 'thread'>, number: number): string
}

interface Held extends SampledThread {
  tell(message: object): void
}

/** Where the threads of a profiled target say hello and are told when to begin and to end. */
export async function openSampledThreads(setting: Setting): Promise<SampledThreads> {
  const threads: Held[] = []
  let isSampling = false
  const begin = (held: Held): void => {
    const number = threads.filter(({ file }) => file !== null).length + 1
    if (held.file !== null || number > setting.most) return
    held.file = setting.fileFor(held, number)
    held.tell({ start: { file: held.file, intervalUs: setting.intervalUs } })
  }
  const server: PrivateSocket = await listenPrivately('cpu', (socket) =>
    receive(socket, (held) => {
      threads.push(held)
      if (isSampling) begin(held)
    }),
  )
  return {
    socketPath: server.path,
    all: () => threads,
    start() {
      isSampling = true
      for (const held of threads) begin(held)
    },
    stop() {
      isSampling = false
      for (const held of threads) if (held.file !== null) held.tell({ stop: true })
    },
    close: server.close,
  }
}

function receive(socket: Socket, joined: (held: Held) => void): void {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  let held: Held | null = null
  socket.on('close', () => resolve())
  // A reader of lines says its stream's errors once more: unheard they would end everything.
  const lines = createInterface({ input: socket }).on('error', () => socket.destroy())
  lines.on('line', (line) => {
    const { hello, problem, written } = JSON.parse(line)
    if (hello) {
      const tell = (message: object) => void (socket.writable && socket.write(`${JSON.stringify(message)}\n`))
      joined((held = { pid: Number(hello.pid), thread: Number(hello.thread), file: null, problem: null, over, tell }))
    }
    if (problem !== undefined && held) held.problem = String(problem)
    if (problem !== undefined || written) resolve()
  })
}
