/**
 * The reference gateway.
 *
 *   node reference-server/gateway/main.ts --variant optimized --port N [--host 127.0.0.1]
 *
 * Environment: MODEL_URL, KNOWLEDGE_URL, TLS_DIR (required), and those that config.ts has defaults for.
 */
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { portOption, readOptions } from '../command-line.ts'
import { listenError, logFailure, runMain, StartError } from '../errors.ts'
import { assemble } from '../parts.ts'
import { isVariantName, type VariantName, variantNames, variants } from '../variants.ts'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { Gateway } from './gateway.ts'
import { serveWebSockets } from './web-socket.ts'

/** Room for a burst of ten thousand clients that all connect at once; the kernel's own limit may be lower. */
const backlog = 4_096
/** What is left of HTTP exchanges after the turns are done gets this long. */
const lastExchangesMs = 1_000

interface Options {
  variant: VariantName
  host: string
  port: number
}

const readArguments = (args: string[]): Options => {
  const { variant, port, host = '127.0.0.1' } = readOptions(args, ['variant', 'port', 'host'])
  const known = `it is one of: ${variantNames.join(', ')}`
  if (variant === undefined) throw new StartError(`--variant is missing; ${known}`)
  if (!isVariantName(variant)) throw new StartError(`variant "${variant}" does not exist; ${known}`)
  return { variant, host, port: portOption('--port', port) }
}

const listen = async (app: FastifyInstance, host: string, port: number): Promise<number> => {
  try {
    await app.listen({ host, port, backlog })
    return (app.server.address() as AddressInfo).port
  } catch (error) {
    throw listenError(error, host, port, '--port')
  }
}

/** No turn is cut short, nothing acknowledged is lost, and nothing is left behind. */
const shutDown = async (gateway: Gateway, app: FastifyInstance, closeWebSockets: () => Promise<void>) => {
  const { parts, config } = gateway
  await gateway.drain(config.drainTimeoutMs)
  // Outcomes of the last turns are written by whoever waited for them, before anything below runs.
  await new Promise(setImmediate)
  await closeWebSockets()
  const cutOff = setTimeout(() => app.server.closeAllConnections(), lastExchangesMs)
  await app.close()
  clearTimeout(cutOff)
  parts.delivery.close()
  await parts.contextUpdate.drain()
  await Promise.all([parts.upstream.close(), parts.knowledge.close(), parts.store.close()])
}

const onceOnSignal = (stop: () => Promise<void>): void => {
  let stopping = false
  const onSignal = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    await stop().catch((error) => {
      logFailure('shutdown failed', error)
      process.exitCode = 1
    })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

const main = async (): Promise<void> => {
  const { variant, host, port } = readArguments(process.argv.slice(2))
  const config = await readConfig(process.env)
  const parts = assemble(variants[variant], config)
  const gateway = new Gateway(config, parts)
  const app = createApp(gateway)
  const closeWebSockets = serveWebSockets(app.server, gateway)
  await parts.store.open()
  try {
    const portInUse = await listen(app, host, port)
    onceOnSignal(() => shutDown(gateway, app, closeWebSockets))
    process.stdout.write(`gateway ${variant} listening on http://${host}:${portInUse}\n`)
  } catch (error) {
    await parts.store.close()
    throw error
  }
}

await runMain(main)
