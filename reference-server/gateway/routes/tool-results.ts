import type { FastifyInstance } from 'fastify'
import { sessionKey } from '../../state/port.ts'
import type { Gateway } from '../gateway.ts'
import { Problem } from '../problems.ts'
import { postToolResultSchema } from '../schemas.ts'

interface PostToolResult {
  Params: { id: string }
  Body: { content: string }
}

/** Results of tools that clients run; any worker takes them, whichever runs the turn. */
export const addToolResults = (api: FastifyInstance, { parts }: Gateway): void => {
  api.post<PostToolResult>('/v1/tool-results/:id', { schema: postToolResultSchema }, async (request, reply) => {
    const { id } = request.params
    const callId = sessionKey(request.caller.app, id)
    const isTaken = await parts.toolResults.deliver({ callId, content: request.body.content })
    if (!isTaken) throw new Problem(404, `no turn waits for the result of call ${id}`)
    return reply.code(202).send({ delivered: true })
  })
}
