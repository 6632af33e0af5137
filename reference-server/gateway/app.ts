import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fastify, {
  type ConnectionError,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { logFailure } from '../errors.ts'
import { type Caller, keyOfHeaders } from './auth.ts'
import { asProblem, type Gateway } from './gateway.ts'
import { LateValidators } from './late-validators.ts'
import { addOrigins } from './origins.ts'
import { ClientGone, closedApp, Problem, problemMediaType, unauthorised } from './problems.ts'
import { refuseRaw } from './raw-refusal.ts'
import { addOperations } from './routes/operations.ts'
import { addProxy } from './routes/proxy.ts'
import { addSessions } from './routes/sessions.ts'
import { addToolResults } from './routes/tool-results.ts'
import { addTurns } from './routes/turns.ts'

/** Longer than any think time, so that a client finds its connection open when it comes back. */
const keepAliveTimeoutMs = 120_000
/**
 * A connection that is silent for so long is probed by the kernel, at no cost of a timer: a client that vanished without
 * a word, with its machine or its network, gives no answer, and what is kept for it goes.
 */
const probeAfterMs = 60_000
/** Ids are at most 128 characters; a longer one is to be told so, not to find no route. */
const maxParamLength = 4_096

/** Whoever proposes another protocol than WebSocket, such as HTTP/2, is answered as if it had not. */
const asksForWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** The gateway's HTTP interface; every error is a problem detail. */
export const createApp = (gateway: Gateway): FastifyInstance => {
  const validators = new LateValidators()
  const app = fastify({
    logger: false,
    bodyLimit: gateway.config.maxBodyBytes,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: 0,
    connectionTimeout: 0,
    // What comes then is refused below.
    return503OnClosing: false,
    http: {
      headersTimeout: keepAliveTimeoutMs + 5_000,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: probeAfterMs,
      shouldUpgradeCallback: asksForWebSocket,
    },
    routerOptions: { maxParamLength },
    schemaController: {
      compilersFactory: { buildValidator: validators.build, buildSerializer: () => () => JSON.stringify },
    },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toProblem(error)),
  })
  // Node would answer what it does not know to expect by itself, without a word.
  app.server.on('checkExpectation', (request, response) => refuseExpectation(request.headers.expect, response))
  app.addHook('onListen', (done) => {
    setImmediate(() => validators.compileAll())
    done()
  })
  app.decorateRequest('caller')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson)
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, toProblem(error)))
  app.setNotFoundHandler((request, reply) =>
    // Without the query, where a WebSocket's key may stand.
    sendProblem(reply, new Problem(404, `there is no ${request.method} ${request.url.split('?', 1)[0]}`)),
  )
  addOrigins(app, gateway.config)
  refuseWhileClosing(app, gateway)
  addOperations(app, gateway)
  app.register(async (api) => {
    requireKey(api, gateway)
    addSessions(api, gateway)
    addTurns(api, gateway)
    addToolResults(api, gateway)
    await api.register(async (passing) => addProxy(passing, gateway))
  })
  return app
}

/**
 * When the last turn is done, the connections close, and what comes over one that is still open is refused, whatever it asks
 * for. Fastify would do that, and close the connection, by itself, but not with a problem.
 */
const refuseWhileClosing = (app: FastifyInstance, gateway: Gateway): void => {
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => done(isClosing ? gateway.refusal() : undefined))
}

/** A known key of an app that is not closed. */
const requireKey = (api: FastifyInstance, { keys, apps }: Gateway): void => {
  api.addHook('onRequest', (request: FastifyRequest, _reply, done) => {
    const caller = keys.find(keyOfHeaders(request.headers))
    if (!caller) return done(unauthorised())
    request.caller = caller
    const judge = (isOpen: boolean): void => done(isOpen ? undefined : closedApp(caller.app))
    const isOpen = apps.isOpen(caller.app)
    if (typeof isOpen === 'boolean') judge(isOpen)
    else void isOpen.then(judge)
  })
}

/** An empty body is no body, whatever the content type says. */
const parseJson = (_request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => {
  try {
    done(null, body === '' ? null : JSON.parse(body))
  } catch (error) {
    done(new Problem(400, `the body is not JSON: ${(error as Error).message}`))
  }
}

/** What is no HTTP at all never becomes a request; a connection that is gone already cannot be told. */
const refuseMalformed = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error)
  refuseRaw(socket, new Problem(400, `the request is not valid HTTP: ${error.message}`))
}

const refuseExpectation = (expectation: string | undefined, response: ServerResponse): void => {
  const { details } = new Problem(417, `the gateway meets no expectation but 100-continue; not ${expectation}`)
  response.writeHead(417, { 'content-type': problemMediaType, connection: 'close' }).end(JSON.stringify(details))
}

/** Fastify's own errors carry a status; what carries none is the gateway's fault and is logged. */
const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem || error instanceof ClientGone) return asProblem(error)
  const { statusCode, message } = error as FastifyError
  if (statusCode !== undefined && statusCode < 500) return new Problem(statusCode, message)
  logFailure('a request failed', error)
  return asProblem(error)
}

const sendProblem = (reply: FastifyReply, problem: Problem): void => {
  if (problem.retryAfterS !== undefined) reply.header('retry-after', problem.retryAfterS)
  // Serialised here, because a route's schemas describe its good answers only.
  reply.code(problem.status).type(problemMediaType).serializer(JSON.stringify).send(problem.details)
}
