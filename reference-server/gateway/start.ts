import { fallbackNotice } from '../bus/open.ts'
import { portOption, readOptions } from '../command-line.ts'
import { logFailure, StartError } from '../errors.ts'
import { partTable } from '../parts.ts'
import { isVariantName, type VariantName, variantNames, variants } from '../variants.ts'
import { hostWorkers } from '../workers/host.ts'
import { type GatewayConfig, readConfig } from './config.ts'
import { serve } from './server.ts'

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

/** As shells have it for a process that SIGINT ended. */
const exitInterrupted = 130

/**
 * Stops once, however often it is told to. Who pressed Ctrl-C sits before it and may be in a hurry: a second one ends the
 * process at once.
 */
const stopOnSignal = (stop: () => Promise<void>, { drainTimeoutMs }: GatewayConfig): void => {
  let isStopping = false
  const onSignal = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    await stop().catch((error) => {
      logFailure('shutdown failed', error)
      process.exitCode = 1
    })
  }
  process.on('SIGTERM', onSignal)
  process.once('SIGINT', () => {
    process.stderr.write(`finishing what is in flight, for ${drainTimeoutMs} ms at most; Ctrl-C again ends at once\n`)
    process.once('SIGINT', () => process.exit(exitInterrupted))
    return onSignal()
  })
}

/**
 * Starts a gateway as command line and environment say, and says where it listens.
 * @throws StartError
 */
export const start = async (args: string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const { variant, host, port } = readArguments(args)
  const config = await readConfig(env)
  const count = config.workers ?? partTable.workers[variants[variant].workers]
  const worker = { index: 0, count }
  const serving = await (count === 1
    ? serve({ variant, config, host, port, worker })
    : hostWorkers({ variant, config, host, port, count }))
  stopOnSignal(serving.close, config)
  const notice = fallbackNotice(config, count)
  if (notice) process.stdout.write(`${notice}\n`)
  const threads = count === 1 ? '' : ` with ${count} workers`
  process.stdout.write(`gateway ${variant} listening on http://${host}:${serving.port}${threads}\n`)
}
