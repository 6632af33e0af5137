import type { FastifyInstance } from 'fastify'
import type { GatewayConfig } from './config.ts'
import { forbiddenOrigin } from './problems.ts'

/** Whether a browser's page from `origin` may use the gateway: an exact match, or `*` for any. */
export const isAllowedOrigin = ({ allowedOrigins }: Pick<GatewayConfig, 'allowedOrigins'>, origin: string): boolean =>
  allowedOrigins.includes('*') || allowedOrigins.includes(origin)

/** Cross-origin requests (the Fetch standard's CORS protocol). What comes without an origin is no browser's business. */
export const addOrigins = (app: FastifyInstance, config: GatewayConfig): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    if (origin === undefined) return done()
    if (!isAllowedOrigin(config, origin)) return done(forbiddenOrigin(origin))
    reply.header('access-control-allow-origin', origin).header('vary', 'origin')
    done()
  })
  app.options('/v1/*', async (_request, reply) =>
    reply
      .headers({
        'access-control-allow-methods': 'GET, PUT, POST, PATCH, DELETE',
        'access-control-allow-headers': 'authorization, content-type, x-api-key',
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  )
}
