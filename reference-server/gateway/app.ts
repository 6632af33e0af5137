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
import { addOperations } from './operations.ts'
import { ClientGone, Problem, problemMediaType, unauthorised } from './problems.ts'
import { refuseRaw } from './raw-refusal.ts'
import { deleteSessionSchema, getSessionSchema, postTurnSchema, putSessionSchema } from './schemas.ts'
import { deleteSession, describeSession, openSession, requireSession, type SessionDetails } from './sessions.ts'

/** Longer than any think time, so that a client finds its connection open when it comes back. */
const keepAliveTimeoutMs = 120_000
/** Ids are at most 128 characters; a longer one is to be told so, not to find no route. */
const maxParamLength = 4_096

interface ById {
  Params: { id: string }
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** The gateway's HTTP interface; every error is a problem detail. */
export const createApp = (gateway: Gateway): FastifyInstance => {
  const app = fastify({
    logger: false,
    bodyLimit: gateway.config.maxBodyBytes,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: 0,
    connectionTimeout: 0,
    http: { headersTimeout: keepAliveTimeoutMs + 5_000, noDelay: true },
    routerOptions: { maxParamLength },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toProblem(error)),
  })
  app.decorateRequest('caller')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson)
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, toProblem(error)))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new Problem(404, `there is no ${request.method} ${request.url}`)),
  )
  addOperations(app, gateway)
  app.register(async (api) => addApi(api, gateway))
  return app
}

const addApi = (api: FastifyInstance, gateway: Gateway): void => {
  const { parts, keys } = gateway
  api.addHook('onRequest', (request, _reply, done) => {
    const caller = keys.find(keyOfHeaders(request.headers))
    if (caller) request.caller = caller
    done(caller ? undefined : unauthorised())
  })
  api.put<ById & { Body: SessionDetails | null }>(
    '/v1/sessions/:id',
    { schema: putSessionSchema },
    async (request, reply) => {
      const { session, created } = await openSession(parts, request.caller.app, request.params.id, request.body ?? {})
      return reply.code(created ? 201 : 200).send(describeSession(session))
    },
  )
  api.get<ById>('/v1/sessions/:id', { schema: getSessionSchema }, async (request) =>
    describeSession(await requireSession(parts, request.caller.app, request.params.id)),
  )
  api.delete<ById>('/v1/sessions/:id', { schema: deleteSessionSchema }, async (request, reply) => {
    await deleteSession(parts, request.caller.app, request.params.id)
    return reply.code(204).send()
  })
  api.post<PostTurn>('/v1/sessions/:id/turns', { schema: postTurnSchema }, (request, reply) =>
    answerTurn(gateway, request, reply),
  )
}

interface PostTurn extends ById {
  Body: { turn: number; content: string }
}

const answerTurn = async (gateway: Gateway, request: FastifyRequest<PostTurn>, reply: FastifyReply) => {
  const cancel = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) cancel.abort(new ClientGone())
  })
  const session = request.params.id
  const { turn, content } = request.body
  const answer = await gateway.turn({ session, turn, content, caller: request.caller }, cancel)
  return { session, turn, content: answer.content, tokens: answer.tokens }
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
