import type { FastifyInstance } from 'fastify'
import { asProblem, type Gateway } from '../gateway.ts'
import { ClientGone, problemMediaType } from '../problems.ts'
import { Proxied } from '../proxied.ts'
import { followConnection } from './followed-connection.ts'

const prefix = '/v1/proxy'

/** Path and query of what was asked for, which may be a whole URL (RFC 9112, 3.2.2). */
const originForm = (target: string): string => target.replace(/^https?:\/\/[^/?#]*/i, '')

/** Everything under `/v1/proxy/` is the model's own `/v1/`, passed through as it is. */
export const addProxy = (api: FastifyInstance, gateway: Gateway): void => {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
  api.route<{ Body: Buffer | undefined }>({
    method: methods,
    url: `${prefix}/*`,
    handler: async (request, reply) => {
      const { method, headers, body, caller, raw } = request
      const response = reply.raw
      const path = `/v1${originForm(raw.url ?? '').slice(prefix.length)}`
      const proxied = new Proxied(caller.app, { method, path, headers, body, apiKey: caller.apiKey })
      const connection = followConnection(response, proxied, gateway.config.turnTimeoutMs, () =>
        gateway.proxiedClosed(proxied),
      )
      // What Fastify has gathered for the answer's head (CORS) goes with the model's, or with a problem.
      for (const [name, value] of Object.entries(reply.getHeaders())) response.setHeader(name, value as string)
      reply.hijack()
      try {
        await gateway.pass(proxied, response).finally(connection.workIsOver)
      } catch (error) {
        if (error instanceof ClientGone || response.headersSent) return void response.destroy()
        const { details, retryAfterS } = asProblem(error)
        response.setHeader('server-timing', proxied.lifecycle.serverTiming())
        if (retryAfterS !== undefined) response.setHeader('retry-after', retryAfterS)
        response.writeHead(details.status, { 'content-type': problemMediaType }).end(JSON.stringify(details))
      }
    },
  })
}
