import { once } from 'node:events'
import { extname } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { type SharedResources, shareAcrossWorkers } from '../assembly.ts'
import { exitCannotStart, logFailure, StartError } from '../errors.ts'
import type { ServeOptions, Serving } from '../gateway/server.ts'
import { variants } from '../variants.ts'

/** What a worker thread is started with; it reads the configuration itself, from the same environment. */
export type WorkerOrder = Omit<ServeOptions, 'config'>

/** What a worker thread tells. */
export type FromWorker =
  | { kind: 'listening'; port: number }
  /** It has taken a step of its shutdown, and this many are left. */
  | { kind: 'stepped'; left: number }
  | { kind: 'failed'; message: string; isStartError: boolean }

type HostOptions = Omit<ServeOptions, 'worker' | 'shared'> & { count: number }

/**
 * Several threads that serve on one port: the kernel gives each new connection to one of them. This thread serves
 * nothing itself; it owns what can have only one owner, and starts and stops the others.
 * @throws StartError as a worker would alone; nothing is left running then
 */
export const hostWorkers = async ({ variant, config, host, port, count }: HostOptions): Promise<Serving> => {
  const resources = await shareAcrossWorkers(variants[variant], config, count)
  const workers: Worker[] = []
  try {
    let shared = port
    for (let index = 0; index < count; index++) {
      const order = { variant, host, port: shared, worker: { index, count } }
      const worker = start(order, resources)
      workers.push(worker)
      // The first finds the port that the others then share.
      shared = await listening(worker)
    }
    for (const worker of workers) endWith(worker)
    return { port: shared, close: () => stop(workers, resources) }
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()))
    await resources.close()
    throw error
  }
}

const start = (order: Omit<WorkerOrder, 'shared'>, resources: SharedResources): Worker => {
  const ports: MessagePort[] = []
  const portTo = (serveOn: ((port: MessagePort) => void) | undefined): MessagePort | undefined => {
    if (!serveOn) return undefined
    const { port1, port2 } = new MessageChannel()
    serveOn(port1)
    ports.push(port2)
    return port2
  }
  const shared = {
    gatewayId: resources.gatewayId,
    permits: resources.permits,
    sessions: resources.sessions,
    owner: portTo(resources.serveOwner),
    database: portTo(resources.serveDatabase),
  }
  const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
  return new Worker(file, { workerData: { ...order, shared } satisfies WorkerOrder, transferList: ports })
}

/** The port on which a worker listens. */
const listening = async (worker: Worker): Promise<number> => {
  const ended = once(worker, 'exit').then(
    (): FromWorker => ({ kind: 'failed', message: 'a worker ended before it served', isStartError: true }),
  )
  const said = once(worker, 'message').then(([message]) => message as FromWorker)
  const message = await Promise.race([said, ended])
  if (message.kind === 'listening') return message.port
  if (message.kind === 'stepped') throw new Error('a worker shuts down that was never told to')
  throw message.isStartError ? new StartError(message.message, exitCannotStart) : new Error(message.message)
}

/** A gateway that has lost a worker has lost turns: it is better started anew than left limping. */
const endWith = (worker: Worker): void => {
  worker.on('error', (error) => {
    logFailure('a worker thread failed', error)
    process.exitCode = 1
    process.kill(process.pid, 'SIGTERM')
  })
}

/** Step by step, each taken by all workers: none leaves while another may still need what it has. */
const stop = async (workers: Worker[], resources: SharedResources): Promise<void> => {
  let left = workers
  while (left.length > 0) {
    const stepped = await Promise.all(left.map(takeStep))
    left = left.filter((_, index) => stepped[index])
  }
  await resources.close()
}

/** @returns false where the worker has taken its last step and ended */
const takeStep = async (worker: Worker): Promise<boolean> => {
  if (worker.threadId === -1) return false
  const ended = once(worker, 'exit').then(() => false)
  const stepped = once(worker, 'message').then(() => true)
  worker.postMessage('step')
  // One that fails is logged (endWith), and keeps neither the others from leaving nor the database from being closed.
  return Promise.race([stepped, ended]).catch(() => false)
}
