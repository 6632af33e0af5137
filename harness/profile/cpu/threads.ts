import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { listenPrivately, type PrivateSocket } from '../../target/private-socket.ts'

/** A thread of a target that can be sampled, the main one of a process or another. */
export interface SampledThread {
  /** 0 is the main thread; null: it has not said hello, since it computes without a pause. */
  thread: number | null
  /** Where it writes its profile; null: it was never told to begin. */
  file: string | null
  /** It was not told to begin since as many as may be had been. */
  isLeftOut: boolean
  /** It has hung up: it ended, or its process did. */
  isGone: boolean
  /** What went wrong in it; null: nothing that it said. */
  problem: string | null
  /** Resolves when it has written its profile, has said why not, or is gone. */
  over: Promise<void>
}

export interface SampledThreads {
  socketPath: string
  /** All that were there at some time while stacks were sampled, also those that have ended since. */
  all(): readonly SampledThread[]
  /** Has those that are there, and those to come, sample their stacks. */
  start(): void
  /** Has all of them end that and write what they have; it takes no more. */
  stop(): void
  close(): Promise<void>
}

interface Setting {
  intervalUs: number
  /**
   * The most threads that are sampled, those that have ended included: a target that makes one for every request would fill the
   * disk.
   */
  most: number
  /** @param number 1-based */
  fileFor(thread: number, number: number): string
}

interface Held extends SampledThread {
  wasThere: boolean
  tell(message: object): void
}

/** Where the threads of a profiled target say hello and are told when to begin and to end. */
export async function openSampledThreads(setting: Setting): Promise<SampledThreads> {
  const threads: Held[] = []
  let isSampling = false
  let begun = 0
  const begin = (held: Held): void => {
    if (!isSampling || held.isGone) return
    held.wasThere = true
    if (held.thread === null || held.file !== null) return
    held.isLeftOut = begun >= setting.most
    if (held.isLeftOut) return
    begun += 1
    held.file = setting.fileFor(held.thread, begun)
    held.tell({ start: { file: held.file, intervalUs: setting.intervalUs } })
  }
  const server: PrivateSocket = await listenPrivately('cpu', (socket) => {
    const held = receive(socket, begin)
    threads.push(held)
    begin(held)
  })
  return {
    socketPath: server.path,
    all: () => threads.filter(({ wasThere }) => wasThere),
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

/** A thread that has just hung on. A process that never pauses says no hello: it is held all the same. */
function receive(socket: Socket, greeted: (held: Held) => void): Held {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const held: Held = {
    ...{ thread: null, file: null, isLeftOut: false, isGone: false, problem: null, over, wasThere: false },
    tell: (message) => void (socket.writable && socket.write(`${JSON.stringify(message)}\n`)),
  }
  socket.on('close', () => {
    held.isGone = true
    resolve()
  })
  // A reader of lines says its stream's errors once more: unheard they would end everything.
  const lines = createInterface({ input: socket }).on('error', () => socket.destroy())
  lines.on('line', (line) => {
    const { hello, problem, written } = JSON.parse(line)
    if (hello) {
      held.thread = Number(hello.thread)
      greeted(held)
    }
    if (problem !== undefined) held.problem = String(problem)
    if (problem !== undefined || written) resolve()
  })
  return held
}
