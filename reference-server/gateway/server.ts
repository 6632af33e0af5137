import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type AssembledParts, assemble, closeParts, openParts } from '../assembly.ts'
import { listenError, logFailure } from '../errors.ts'
import type { VariantName } from '../variants.ts'
import { variants } from '../variants.ts'
import { Peers } from '../workers/peers.ts'
import { createApp } from './app.ts'
import type { GatewayConfig } from './config.ts'
import type { SharedAcrossWorkers, WorkerIdentity } from './context.ts'
import { Gateway } from './gateway.ts'
import { serveWebSockets } from './web-socket.ts'

/** Room for a burst of ten thousand clients that all connect at once; the kernel's own limit may be lower. */
const backlog = 4_096
/** Answers that have not left when the turns are done get this long, and so does what else is left of HTTP exchanges. */
const lastExchangesMs = 1_000

/** What one worker serves, and where. */
export interface ServeOptions {
  variant: VariantName
  config: GatewayConfig
  host: string
  /** 0 lets the system choose. */
  port: number
  worker: WorkerIdentity
  /** What the main thread has made for all workers; absent where there is one. */
  shared?: SharedAcrossWorkers
}

/** A gateway that serves. */
export interface Serving {
  port: number
  /** No turn is cut short, nothing acknowledged is lost, and nothing is left behind. */
  close(): Promise<void>
}

/** A worker that serves. */
export interface ServingWorker extends Serving {
  /**
   * What `close` does, one after the other. Workers need one another until their last turn is done: each step is taken
   * by all of them before any takes the next.
   */
  closingSteps: readonly (() => Promise<void>)[]
}

/**
 * The story of a worker: make the parts, open them, serve, and on `close` all that backwards.
 * @throws StartError when a part cannot be opened or the port is taken; nothing is left open then
 */
export const serve = async ({ variant, config, host, port, worker, shared }: ServeOptions): Promise<ServingWorker> => {
  const peers = new Peers(worker.index, worker.count)
  const parts = await assemble(variants[variant], { config, worker, peers, shared })
  const gateway = new Gateway(config, parts, peers, shared?.gatewayId)
  const app = createApp(gateway)
  const closeWebSockets = serveWebSockets(app.server, gateway)
  const closeAll = async (): Promise<void> => {
    await closeParts(parts)
    peers.close()
  }
  try {
    await openParts(parts)
    await gateway.listenForInterrupts()
    // One worker looks for idle sessions on behalf of all: they are in one database.
    if (worker.index === 0) parts.expiry.start()
    const listening = await listen(app, host, port, worker.count > 1)
    const closingSteps = [
      () => finishTurns(gateway),
      () => closeConnections(app, closeWebSockets).then(() => finishUpdates(parts)),
      closeAll,
    ]
    const close = async (): Promise<void> => {
      for (const step of closingSteps) await step()
    }
    return { port: listening, close, closingSteps }
  } catch (error) {
    await closeAll().catch((failure) => logFailure('closing what was open failed', failure))
    throw error
  }
}

const listen = async (app: FastifyInstance, host: string, port: number, reusePort: boolean): Promise<number> => {
  try {
    await app.listen({ host, port, backlog, ...(reusePort ? { reusePort } : {}) })
    return (app.server.address() as AddressInfo).port
  } catch (error) {
    throw listenError(error, host, port, '--port')
  }
}

const finishTurns = async (gateway: Gateway): Promise<void> => {
  await gateway.drain(gateway.config.drainTimeoutMs, lastExchangesMs)
  // What else was answered meanwhile is written by whoever waited for it, before anything below runs.
  await new Promise(setImmediate)
}

/** What turns leave behind waits for a database that is away: that there is an end to this is said before it is waited for. */
const finishUpdates = async ({ store, contextUpdate }: AssembledParts): Promise<void> => {
  store.startClosing()
  await contextUpdate.drain()
}

const closeConnections = async (app: FastifyInstance, closeWebSockets: () => Promise<void>): Promise<void> => {
  await closeWebSockets()
  const cutOff = setTimeout(() => app.server.closeAllConnections(), lastExchangesMs)
  await app.close()
  clearTimeout(cutOff)
}
