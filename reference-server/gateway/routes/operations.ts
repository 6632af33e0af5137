import type { FastifyInstance } from 'fastify'
import { AggregatorRegistry, type Registry } from 'prom-client'
import { messageOf } from '../../errors.ts'
import type { Gateway } from '../gateway.ts'
import { busy } from '../problems.ts'

const checkTimeoutMs = 3_000

/** What keeps the gateway from serving turns, one sentence each; empty when it is ready. */
const obstacles = async (gateway: Gateway): Promise<string[]> => {
  if (gateway.draining) return [gateway.refusal().message]
  const { parts } = gateway
  const signal = AbortSignal.timeout(checkTimeoutMs)
  const checks = {
    store: parts.store.check(),
    bus: parts.bus.check(),
    model: parts.upstream.check(signal),
    knowledge: parts.knowledge.check(signal),
  }
  const results = await Promise.allSettled(Object.values(checks))
  return Object.keys(checks).flatMap((name, index) => {
    const result = results[index]
    return result?.status === 'rejected' ? [`${name}: ${messageOf(result.reason)}`] : []
  })
}

/** The figures of all workers together; a worker that does not answer is missing in them. */
const metricsOfAll = async ({ metrics, peers }: Gateway): Promise<Registry> => {
  const others = await peers.askOthers('metrics')
  if (others.length === 0) return metrics.registry
  return AggregatorRegistry.aggregate([await metrics.registry.getMetricsAsJSON(), ...(others as object[])])
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
    const registry = await metricsOfAll(gateway)
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
