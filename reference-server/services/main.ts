/**
 * The services that the gateway needs beside it: a model, a knowledge base, a tool host and a memory service, all
 * stubs, in one process.
 *
 *   node --max-semi-space-size=8 reference-server/services/main.ts --port N --tls-port M [--host 127.0.0.1]
 *
 * A small young generation, as the gateway has one: a stub that stands still for 30 ms to collect garbage would be the gateway's
 * slowness to whoever measures.
 *
 * Both ports answer the same routes; the model is meant to be called over TLS, all else over plain HTTP. Environment:
 *
 *   TLS_DIR            where the certificate is, or is put
 *   MODEL_LATENCY_MS   median time of the model's answers (40); 0 answers at once, for who measures the gateway alone
 *   MEMORY_GREETING_MS how long the memory service takes to get ready once greeted (300)
 *   MODEL_BEHAVIOUR    words of behaviour.ts that hold for every call: `stub:tokens-400 stub:gap-5`
 */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { numberFromEnv, portOption, readOptions } from '../command-line.ts'
import { runMain, StartError } from '../errors.ts'
import { ensureCertificates } from '../tls.ts'
import { usualLatencyMs } from './answers.ts'
import { UnknownBehaviour } from './behaviour.ts'
import { Lateness } from './lateness.ts'
import { listen } from './listen.ts'
import { usualGreetingMs } from './memory.ts'
import { ModelStub } from './model.ts'
import { routes } from './routes.ts'

/** Longer than any client keeps an idle connection, so that the stub never closes one that is just being used. */
const serverOptions = { keepAliveTimeout: 600_000, headersTimeout: 610_000, requestTimeout: 0, noDelay: true }

const stopOnSignal = (servers: Server[]): void => {
  const stop = (): void => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** @throws StartError where MODEL_BEHAVIOUR asks for what there is not */
const modelFromEnv = (env: NodeJS.ProcessEnv, lateness: Lateness): ModelStub => {
  const latencyMs = numberFromEnv(env, 'MODEL_LATENCY_MS', usualLatencyMs)
  try {
    return new ModelStub(lateness, { latencyMs, behaviour: env.MODEL_BEHAVIOUR ?? '' })
  } catch (error) {
    throw error instanceof UnknownBehaviour ? new StartError(`MODEL_BEHAVIOUR: ${error.message}`) : error
  }
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), ['port', 'tls-port', 'host'])
  const host = options.host ?? '127.0.0.1'
  const [port, tlsPort] = [portOption('--port', options.port), portOption('--tls-port', options['tls-port'])]
  const lateness = new Lateness()
  const model = modelFromEnv(process.env, lateness)
  const directory = process.env.TLS_DIR
  if (!directory) throw new StartError('TLS_DIR is not set; name a directory that the gateway reads too')
  const { ca, certificate, key } = await ensureCertificates(directory)
  const listener = routes(model, lateness, numberFromEnv(process.env, 'MEMORY_GREETING_MS', usualGreetingMs))
  const plain = createServer(serverOptions, listener)
  const secure = createTlsServer({ ...serverOptions, cert: certificate + ca, key }, listener)
  const tlsAt = await listen(secure, host, tlsPort, '--tls-port')
  const plainAt = await listen(plain, host, port, '--port')
  stopOnSignal([plain, secure])
  process.stdout.write(`services listening on http://${host}:${plainAt} and https://${host}:${tlsAt}\n`)
}

await runMain(main)
