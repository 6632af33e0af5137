import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EventStream } from '../event-stream.ts'
import { asProblem, type Gateway } from '../gateway.ts'
import { ClientGone } from '../problems.ts'
import { postTurnSchema } from '../schemas.ts'
import { Turn } from '../turn.ts'
import { type FollowedConnection, followConnection } from './followed-connection.ts'

interface PostTurn {
  Params: { id: string }
  Body: { turn: number; content: string; stream?: boolean }
}

type TurnHttpRequest = FastifyRequest<PostTurn>

/** Turns over HTTP: one JSON answer, or server-sent events where the body or the `accept` header asks for these. */
export const addTurns = (api: FastifyInstance, gateway: Gateway): void => {
  api.post<PostTurn>('/v1/sessions/:id/turns', { schema: postTurnSchema }, (request, reply) => {
    const wantsStream = request.body.stream ?? /\btext\/event-stream\b/.test(request.headers.accept ?? '')
    return wantsStream ? streamTurn(gateway, request, reply) : answerTurn(gateway, request, reply)
  })
}

const follow = (gateway: Gateway, turn: Turn, { raw: response }: FastifyReply): FollowedConnection =>
  followConnection(response, turn, gateway.config.turnTimeoutMs, () => gateway.closed(turn))

/** Turns that fail say what they have been through too. */
const sayTiming = ({ lifecycle }: Turn, reply: FastifyReply): void =>
  void reply.header('server-timing', lifecycle.serverTiming())

const answerTurn = async (gateway: Gateway, request: TurnHttpRequest, reply: FastifyReply) => {
  const session = request.params.id
  const { turn: number, content } = request.body
  const turn = new Turn({ session, turn: number, content, caller: request.caller })
  const connection = follow(gateway, turn, reply)
  const answer = await gateway.run(turn).finally(() => {
    connection.workIsOver()
    sayTiming(turn, reply)
  })
  return { session, turn: number, content: answer.content, tokens: answer.tokens }
}

const streamTurn = async (gateway: Gateway, request: TurnHttpRequest, reply: FastifyReply): Promise<void> => {
  const session = request.params.id
  const { turn: number, content } = request.body
  const events: EventStream = new EventStream(reply.raw, () => {
    // From here on the answer is ours; whatever Fastify has gathered for its head (CORS) goes with it.
    reply.hijack()
    return { ...(reply.getHeaders() as Record<string, string>), 'server-timing': turn.lifecycle.serverTiming() }
  })
  const tokens = gateway.parts.streamConsumer.open(events)
  const listener = {
    onToken: (text: string) => tokens.push(text),
    whenReady: (resume: () => void) => tokens.whenReady(resume),
    onToolCall: events.toolCall.bind(events),
  }
  const turn = new Turn({ session, turn: number, content, caller: request.caller, listener })
  // Also when all has been said and only waits to be written: nobody will take it any more.
  turn.signal.addEventListener('abort', () => tokens.drop())
  const connection = follow(gateway, turn, reply)
  try {
    const answer = await gateway.run(turn).finally(connection.workIsOver)
    await tokens.end()
    events.done(session, number, answer, turn.lifecycle.serverTiming())
  } catch (error) {
    tokens.drop()
    if (error instanceof ClientGone) return void reply.hijack()
    if (!events.hasBegun) {
      sayTiming(turn, reply)
      throw error
    }
    events.fail(asProblem(error))
  }
}
