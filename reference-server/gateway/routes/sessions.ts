import type { FastifyInstance } from 'fastify'
import { sessionKey } from '../../state/port.ts'
import { reuseSession } from '../device-sessions.ts'
import type { Gateway } from '../gateway.ts'
import {
  deleteSessionSchema,
  getSessionSchema,
  interruptSchema,
  postSessionSchema,
  putSessionSchema,
} from '../schemas.ts'
import { deleteSession, openSession, requireRoomToWrite, requireSession, type SessionDetails } from '../sessions.ts'

interface ById {
  Params: { id: string }
}

/** Sessions: opened by an id of the client's or by its device, shown, interrupted, deleted. */
export const addSessions = (api: FastifyInstance, gateway: Gateway): void => {
  const { parts, peers } = gateway
  api.post<{ Body: SessionDetails & { device: string } }>(
    '/v1/sessions',
    { schema: postSessionSchema },
    async (request, reply) => {
      const asked = { app: request.caller.app, details: request.body }
      const { session, created } = await reuseSession(parts, peers, asked)
      return reply.code(created ? 201 : 200).send(await gateway.describe(session))
    },
  )
  api.put<ById & { Body: SessionDetails | null }>(
    '/v1/sessions/:id',
    { schema: putSessionSchema },
    async (request, reply) => {
      const { session, created } = await openSession(parts, request.caller.app, request.params.id, request.body ?? {})
      return reply.code(created ? 201 : 200).send(await gateway.describe(session))
    },
  )
  api.get<ById>('/v1/sessions/:id', { schema: getSessionSchema }, async (request) =>
    gateway.describe(await requireSession(parts, request.caller.app, request.params.id)),
  )
  api.delete<ById>('/v1/sessions/:id', { schema: deleteSessionSchema }, async (request, reply) => {
    const { app } = request.caller
    const { id } = request.params
    // Before its turns are interrupted, too: it goes on where it cannot be deleted.
    requireRoomToWrite(parts.store)
    await gateway.interruptDeleted(app, id)
    await deleteSession(parts, peers, app, id)
    return reply.code(204).send()
  })
  api.post<ById & { Body: { turn?: number } | null }>(
    '/v1/sessions/:id/interrupt',
    { schema: interruptSchema },
    async (request, reply) => {
      const { app } = request.caller
      const { id } = request.params
      // What runs is interrupted whatever becomes of the database, and of other workers that wait for it: whether there is
      // such a session is asked only where nothing ran. What runs in a session of another app is under another key.
      const interrupted = await gateway.interrupt(app, id, request.body?.turn)
      if (interrupted === 0 && !(await parts.state.get(sessionKey(app, id)))) await requireSession(parts, app, id)
      return reply.code(202).send({ interrupted })
    },
  )
}
