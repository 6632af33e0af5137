/**
 * The services that the gateway needs beside it: a model and a knowledge base, both stubs, in one process.
 *
 *   node reference-server/services/main.ts --port N --tls-port M [--host 127.0.0.1]      (TLS_DIR in the environment)
 *
 * Both ports answer the same routes; the model is meant to be called over TLS, health and lateness over plain HTTP.
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { portOption, readOptions } from '../command-line.ts'
import { listenError, runMain, StartError } from '../errors.ts'
import { ensureCertificates } from '../tls.ts'
import { sendError, sendJson } from './http.ts'
import { handleKnowledge } from './knowledge.ts'
import { Lateness } from './lateness.ts'
import { ModelStub } from './model.ts'

/** Longer than any client keeps an idle connection, so that the stub never closes one that is just being used. */
const serverOptions = { keepAliveTimeout: 600_000, headersTimeout: 610_000, requestTimeout: 0, noDelay: true }
const backlog = 4_096

const routes = (model: ModelStub, lateness: Lateness): RequestListener => {
  const table: Record<string, RequestListener> = {
    'POST /v1/chat/completions': (request, response) => model.handle(request, response),
    'POST /knowledge': handleKnowledge,
    'GET /healthz': (_request, response) => sendJson(response, 200, { status: 'ok' }),
    'GET /lateness': (_request, response) => sendJson(response, 200, lateness.take()),
    'GET /in-flight': (_request, response) => sendJson(response, 200, { answers: model.inFlight }),
  }
  return (request, response) => {
    const handler = table[`${request.method} ${request.url}`]
    if (handler) handler(request, response)
    else sendError(response, 404, `no ${request.method} ${request.url}; there are: ${Object.keys(table).join(', ')}`)
  }
}

const listen = (server: Server, host: string, port: number, option: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, option)))
    server.listen({ host, port, backlog }, () => resolve((server.address() as AddressInfo).port))
  })

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

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), ['port', 'tls-port', 'host'])
  const host = options.host ?? '127.0.0.1'
  const [port, tlsPort] = [portOption('--port', options.port), portOption('--tls-port', options['tls-port'])]
  const directory = process.env.TLS_DIR
  if (!directory) throw new StartError('TLS_DIR is not set; name a directory that the gateway reads too')
  const { ca, certificate, key } = await ensureCertificates(directory)
  const lateness = new Lateness()
  const listener = routes(new ModelStub(lateness), lateness)
  const plain = createServer(serverOptions, listener)
  const secure = createTlsServer({ ...serverOptions, cert: certificate + ca, key }, listener)
  const tlsAt = await listen(secure, host, tlsPort, '--tls-port')
  const plainAt = await listen(plain, host, port, '--port')
  stopOnSignal([plain, secure])
  process.stdout.write(`services listening on http://${host}:${plainAt} and https://${host}:${tlsAt}\n`)
}

await runMain(main)
