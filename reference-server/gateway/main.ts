/**
 * The reference gateway.
 *
 *   node reference-server/gateway/main.ts --variant optimized --port N [--host 127.0.0.1]
 *
 * Environment: MODEL_URL, KNOWLEDGE_URL, TLS_DIR (required), and those that config.ts has defaults for.
 */

import { fallbackNotice } from '../bus/open.ts'
import { portOption, readOptions } from '../command-line.ts'
import { logFailure, runMain, StartError } from '../errors.ts'
import { partTable } from '../parts.ts'
import { isVariantName, type VariantName, variantNames, variants } from '../variants.ts'
import { hostWorkers } from '../workers/host.ts'
import { readConfig } from './config.ts'
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
  const count = config.workers ?? partTable.workers[variants[variant].workers]
  const worker = { index: 0, count }
  const serving = await (count === 1
    ? serve({ variant, config, host, port, worker })
    : hostWorkers({ variant, config, host, port, count }))
  onceOnSignal(serving.close)
  const notice = fallbackNotice(config, count)
  if (notice) process.stdout.write(`${notice}\n`)
  const threads = count === 1 ? '' : ` with ${count} workers`
  process.stdout.write(`gateway ${variant} listening on http://${host}:${serving.port}${threads}\n`)
}

await runMain(main)
