import type { FastifyInstance } from 'fastify'
import { messageOf } from '../errors.ts'
import type { Gateway } from './gateway.ts'
import { busy } from './problems.ts'

const checkTimeoutMs = 3_000

/** What keeps the gateway from serving turns, one sentence each; empty when it is ready. */
const obstacles = async ({ parts, draining }: Gateway): Promise<string[]> => {
  if (draining) return ['the gateway is shutting down']
  const signal = AbortSignal.timeout(checkTimeoutMs)
  const checks = {
    store: parts.store.check(),
    model: parts.upstream.check(signal),
    knowledge: parts.knowledge.check(signal),
  }
  const results = await Promise.allSettled(Object.values(checks))
  return Object.keys(checks).flatMap((name, index) => {
    const result = results[index]
    return result?.status === 'rejected' ? [`${name}: ${messageOf(result.reason)}`] : []
  })
}

/** Health, readiness and metrics; they need no key. */
export const addOperations = (app: FastifyInstance, gateway: Gateway): void => {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    const found = await obstacles(gateway)
    if (found.length > 0) throw busy(found.join('; '))
    return { status: 'ready' }
  })
  app.get('/metrics', async (_request, reply) => {
    const { registry } = gateway.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
